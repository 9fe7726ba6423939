/**
 * The real kubectl on the embedded API, with our definitions and examples.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user at a terminal: a folder of files and a kubeconfig. */
class User {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Path of a file of the user. */
  path(name: string): string {
    return `${this.#folder}/${name}`;
  }

  /** Writes a file. */
  async write(name: string, text: string): Promise<string> {
    await Deno.writeTextFile(this.path(name), text);
    return this.path(name);
  }

  /** A kubectl that runs until it ends. */
  async try(words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
    const { code, stdout, stderr } = await this.command(words, env).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** As `try`; fails unless it succeeds and returns what it prints. */
  async kubectl(...words: readonly string[]): Promise<string> {
    const outcome = await this.try(words);
    assertEquals(outcome.code, 0, `kubectl ${words.join(" ")}: ${outcome.stderr}`);
    return outcome.stdout;
  }

  /** A kubectl that has not been started. */
  command(words: readonly string[], env: Record<string, string> = {}): Deno.Command {
    return new Deno.Command("kubectl", {
      args: ["--kubeconfig", this.path("kubeconfig"), "--cache-dir", this.path("cache"), ...words],
      env,
      stdout: "piped",
      stderr: "piped",
    });
  }
}

const steps: readonly (readonly [claim: string, run: (user: User) => Promise<void>])[] = [
  ["server-side apply installs the definitions", async (user) => {
    const told = await user.kubectl("apply", "--server-side", "-f", `${ROOT}crds`);
    assertEquals(told.match(/serverside-applied/g)?.length, 6);
    await user.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=10s");
  }],
  ["apply makes the examples, and finds them unchanged the second time", async (user) => {
    const made = await user.kubectl("apply", "-f", `${ROOT}examples`);
    assertStringIncludes(made, "created");
    const again = await user.kubectl("apply", "-f", `${ROOT}examples`);
    // What has stringData is always different from what is stored, to kubectl.
    const lines = again.trim().split("\n").filter((line) => !line.startsWith("secret/"));
    assertEquals(lines.filter((line) => !line.endsWith("unchanged")), []);
  }],
  ["api-resources and explain know our kinds and fields", async (user) => {
    const resources = await user.kubectl("api-resources", "--api-group=s3.cloud37.dev");
    for (const kind of ["Provider", "Bucket", "BucketPolicy", "User", "AccessKey", "IAMPolicy"]) {
      assertMatch(resources, new RegExp(`s3\\.cloud37\\.dev/v1alpha1 +true +${kind}\\n`));
    }
    const explained = await user.kubectl("explain", "bucket.spec.versioning");
    assertStringIncludes(explained, "FIELD: versioning <Object>");
    assertMatch(explained, /enabled\s+<boolean>/);
  }],
  ["create makes a Provider and a Bucket, get shows the columns", async (user) => {
    const file = await user.write("objects.yaml", OBJECTS);
    await user.kubectl("create", "-f", file);
    const table = await user.kubectl("get", "bucket", "logs", "-o", "wide");
    assertMatch(table, /^NAME +.*READY/);
    const yaml = await user.kubectl("get", "bucket/logs", "-o", "yaml");
    assertStringIncludes(yaml, "name: kubectl-logs");
    assertEquals(await user.kubectl("get", "buckets", "-o", "name", "-l", "team=a"), LOGS_NAME);
  }],
  [
    "validation refuses an unknown field and a broken rule before anything is stored",
    async (user) => {
      const file = await user.write("wrong.yaml", OBJECTS.replace("versioning:", "versionning:"));
      const unknown = await user.try(["apply", "-f", file]);
      assertEquals(unknown.code, 1);
      assertStringIncludes(unknown.stderr, 'unknown field "spec.versionning"');
      const broken = await user.write("broken.yaml", OBJECTS.replace("us-east-1", "no region"));
      const refused = await user.try(["apply", "--dry-run=server", "-f", broken]);
      assertEquals(refused.code, 1);
      assertStringIncludes(refused.stderr, "region must be the name of a region");
    },
  ],
  ["patch changes an object by merge and JSON patch, and its status", async (user) => {
    const merge = ["--type=merge", "-p", '{"spec":{"deletionPolicy":"Retain"}}'];
    assertStringIncludes(await user.kubectl("patch", "bucket", "logs", ...merge), "patched");
    const body = '[{"op":"replace","path":"/spec/deletionPolicy","value":"Delete"}]';
    await user.kubectl("patch", "bucket", "logs", "--type=json", "-p", body);
    assertEquals(await field(user, "{.spec.deletionPolicy}"), "Delete");
    await setReady(user, "False");
    assertEquals(await field(user, "{.status.conditions[0].status}"), "False");
  }],
  ["edit opens the object in the editor and stores what it leaves", async (user) => {
    const editor = await user.write("editor.sh", '#!/bin/sh\nsed -i "s/team: a/team: b/" "$1"\n');
    await Deno.chmod(editor, 0o755);
    const edited = await user.try(["edit", "bucket", "logs"], { KUBE_EDITOR: editor });
    assertEquals(edited.code, 0, edited.stderr);
    assertStringIncludes(edited.stdout, "edited");
    assertEquals(await field(user, "{.metadata.labels.team}"), "b");
  }],
  ["label, annotate and replace change an object", async (user) => {
    await user.kubectl("label", "bucket", "logs", "team=a", "--overwrite");
    await user.kubectl("annotate", "bucket", "logs", "note=seen");
    const file = await user.write("read.json", await user.kubectl("get", "bucket/logs", "-ojson"));
    await user.kubectl("replace", "-f", file);
    assertEquals(await field(user, "{.metadata.labels.team}{.metadata.annotations.note}"), "aseen");
  }],
  [
    "diff shows what an apply would change, and nothing where it would change nothing",
    async (user) => {
      await user.kubectl("apply", "-f", await user.write("same.yaml", OBJECTS));
      const same = await user.try(["diff", "-f", user.path("same.yaml")]);
      assertEquals([same.code, same.stdout], [0, ""], same.stderr);
      const file = await user.write(
        "other.yaml",
        OBJECTS.replace("enabled: true", "enabled: false"),
      );
      const other = await user.try(["diff", "-f", file]);
      assertEquals(other.code, 1, other.stderr);
      assertMatch(other.stdout, /^-.*enabled: true$/m);
      assertMatch(other.stdout, /^\+.*enabled: false$/m);
    },
  ],
  ["server-side apply tells a conflict, and takes the field over by force", async (user) => {
    const file = await user.write("mine.yaml", OBJECTS.replace("enabled: true", "enabled: false"));
    const words = ["apply", "--server-side", "--field-manager=other", "-f", file];
    const conflict = await user.try(words);
    assertEquals(conflict.code, 1);
    assertStringIncludes(conflict.stderr, "conflict");
    // A setting is atomic: a field of it is not anybody's on its own.
    assertStringIncludes(conflict.stderr, ".spec.versioning");
    await user.kubectl(...words, "--force-conflicts");
    assertEquals(await field(user, "{.spec.versioning.enabled}"), "false");
  }],
  ["wait ends when a condition is met, and in time when it is not", async (user) => {
    const waiting = user.try(["wait", "--for=condition=Ready", "bucket/logs", "--timeout=20s"]);
    await setReady(user, "True");
    const { code, stdout, stderr } = await waiting;
    assertEquals([code, stdout], [0, "bucket.s3.cloud37.dev/logs condition met\n"], stderr);
    const late = await user.try([
      "wait",
      "--for=jsonpath={.spec.name}=other",
      "bucket/logs",
      "--timeout=1s",
    ]);
    assertEquals(late.code, 1);
    assertStringIncludes(late.stderr, "timed out");
  }],
  ["get -w prints each change", async (user) => {
    const child = user.command(["get", "bucket", "logs", "-w", "-o", CHANGES]).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    let seen = "";
    const readUntil = async (text: string) => {
      while (!seen.includes(text)) {
        const { done, value } = await reader.read();
        assert(!done, `ended after "${seen}"`);
        seen += value;
      }
    };
    await readUntil("Delete;");
    for (const policy of ["Retain", "Delete"]) {
      seen = "";
      const body = `{"spec":{"deletionPolicy":"${policy}"}}`;
      await user.kubectl("patch", "bucket", "logs", "--type=merge", "-p", body);
      await readUntil(`${policy};`);
    }
    child.kill("SIGTERM");
    await reader.cancel();
    await child.stderr.cancel();
    await child.status;
  }],
  ["describe shows the object with its Events", async (user) => {
    await user.kubectl("create", "-f", await user.write("event.yaml", await anEvent(user)));
    const described = await user.kubectl("describe", "bucket", "logs");
    assertMatch(described, /^Name: +logs$/m);
    assertMatch(described, /^ {2}Normal +Made .*A bucket was made$/m);
    assertStringIncludes(await user.kubectl("events", "--for", "bucket/logs"), "A bucket was made");
  }],
  ["Secrets are created, described without their values and deleted", async (user) => {
    await user.kubectl("create", "secret", "generic", "keys", "--from-literal=access-key=AKIA1234");
    const described = await user.kubectl("describe", "secret", "keys");
    assertStringIncludes(described, "8 bytes");
    assert(!described.includes("AKIA1234"));
    await user.kubectl("delete", "secret", "keys");
  }],
  ["delete waits for finalizers", async (user) => {
    const hold = '{"metadata":{"finalizers":["example.com/hold"]}}';
    await user.kubectl("patch", "bucket", "logs", "--type=merge", "-p", hold);
    await user.kubectl("delete", "bucket", "logs", "--wait=false");
    const waiting = user.try(["wait", "--for=delete", "bucket/logs", "--timeout=20s"]);
    const release = '{"metadata":{"finalizers":null}}';
    await user.kubectl("patch", "bucket", "logs", "--type=merge", "-p", release);
    assertEquals((await waiting).code, 0);
    const gone = await user.try(["get", "bucket", "logs"]);
    assertStringIncludes(gone.stderr, '(NotFound): buckets.s3.cloud37.dev "logs" not found');
    const deleted = await user.kubectl("delete", "--ignore-not-found", "-f", `${ROOT}examples`);
    assertStringIncludes(deleted, "deleted");
  }],
  ["a namespace is deleted with what it holds", async (user) => {
    await user.kubectl("create", "namespace", "short-lived");
    await user.kubectl("create", "configmap", "a", "-n", "short-lived", "--from-literal=b=c");
    await user.kubectl("delete", "namespace", "short-lived", "--timeout=20s");
    const left = await user.kubectl("get", "configmaps", "-A", "-o", "name");
    assertEquals(left, "");
  }],
];

const LOGS_NAME = "bucket.s3.cloud37.dev/logs\n";
const CHANGES = "jsonpath={.spec.deletionPolicy};";

const OBJECTS = `apiVersion: s3.cloud37.dev/v1alpha1
kind: Provider
metadata:
  name: kubectl
spec:
  region: us-east-1
  auth:
    accessKeySecretRef: {name: keys}
    secretKeySecretRef: {name: keys}
---
apiVersion: s3.cloud37.dev/v1alpha1
kind: Bucket
metadata:
  name: logs
  labels:
    team: a
spec:
  providerRef: {name: kubectl}
  name: kubectl-logs
  deletionPolicy: Delete
  versioning:
    enabled: true
`;

async function field(user: User, path: string): Promise<string> {
  return await user.kubectl("get", "bucket", "logs", "-o", `jsonpath=${path}`);
}

async function setReady(user: User, status: string): Promise<void> {
  const lastTransitionTime = "2026-01-01T00:00:00Z";
  const condition = { type: "Ready", status, reason: "Test", message: "", lastTransitionTime };
  const body = JSON.stringify({ status: { conditions: [condition] } });
  const words = ["--subresource=status", "--type=merge", "-p", body];
  await user.kubectl("patch", "bucket", "logs", ...words);
}

async function anEvent(user: User): Promise<string> {
  return JSON.stringify({
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "made", namespace: "default" },
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "wasabi-s3-operator",
    reportingInstance: "test",
    action: "Reconcile",
    reason: "Made",
    type: "Normal",
    note: "A bucket was made",
    regarding: {
      apiVersion: "s3.cloud37.dev/v1alpha1",
      kind: "Bucket",
      name: "logs",
      namespace: "default",
      uid: await field(user, "{.metadata.uid}"),
    },
  });
}

Deno.test("kubectl works on the embedded API", async (t) => {
  const server = await startSandboxKubernetes({ clock: systemClock });
  const folder = await Deno.makeTempDir();
  try {
    const user = new User(folder);
    await user.write("kubeconfig", server.kubeconfig());
    for (const [claim, run] of steps) await t.step(claim, () => run(user));
  } finally {
    await server.stop();
    await Deno.remove(folder, { recursive: true });
  }
});
