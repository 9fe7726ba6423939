import { assertEquals, assertRejects } from "@std/assert";
import { stringify } from "yaml";
import { kubeconfigAccess } from "../../../src/kube/kubeconfig.ts";
import { FakeClock } from "../../support/fake_clock.ts";

interface Entry {
  readonly server?: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
}

/** Writes a kubeconfig of one context into a directory of its own. */
async function writeKubeconfig(entry: Entry) {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/config`;
  await Deno.writeTextFile(
    path,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "main",
      contexts: [{
        name: "main",
        context: {
          cluster: "c",
          user: "u",
          ...(entry.namespace && { namespace: entry.namespace }),
        },
      }],
      clusters: [{
        name: "c",
        cluster: { server: entry.server ?? "https://api.test:6443/", ...entry.cluster },
      }],
      users: [{ name: "u", user: entry.user ?? {} }],
    }),
  );
  return {
    path,
    directory,
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/** An exec plugin whose token counts its calls; it never expires. */
async function writePlugin(directory: string): Promise<string> {
  const path = `${directory}/plugin`;
  const script = `#!/bin/sh
echo x >> "${directory}/calls"
count=$(wc -l < "${directory}/calls" | tr -d ' ')
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",'
printf '"status":{"token":"token-%s"}}' "$count"
`;
  await Deno.writeTextFile(path, script);
  await Deno.chmod(path, 0o755);
  return path;
}

Deno.test("a token, the authority and the namespace are taken from the file", async () => {
  await using file = await writeKubeconfig({
    cluster: { "certificate-authority-data": btoa("CA") },
    user: { token: "secret-token" },
    namespace: "ours",
  });
  const access = await kubeconfigAccess({ clock: new FakeClock(), path: file.path });
  assertEquals(await access.authorization(), "Bearer secret-token");
  assertEquals(access.clientOptions(), { caCerts: ["CA"] });
  assertEquals([access.baseUrl, access.namespace], ["https://api.test:6443", "ours"]);
});

Deno.test("a client certificate is taken from the file, and nothing is sent besides it", async () => {
  await using file = await writeKubeconfig({
    user: { "client-certificate-data": btoa("CERT"), "client-key-data": btoa("KEY") },
  });
  const access = await kubeconfigAccess({ clock: new FakeClock(), path: file.path });
  assertEquals<unknown>(access.clientOptions(), { cert: "CERT", key: "KEY" });
  assertEquals(await access.authorization(), undefined);
});

Deno.test("an exec plugin is asked once, and again after its token was refused", async () => {
  await using file = await writeKubeconfig({});
  const command = await writePlugin(file.directory);
  await using config = await writeKubeconfig({
    user: {
      exec: {
        apiVersion: "client.authentication.k8s.io/v1",
        command,
        interactiveMode: "Never",
      },
    },
  });
  const access = await kubeconfigAccess({ clock: new FakeClock(), path: config.path });
  assertEquals(await access.authorization(), "Bearer token-1");
  assertEquals(await access.authorization(), "Bearer token-1");
  access.forget();
  const both = await Promise.all([access.authorization(), access.authorization()]);
  assertEquals(both, ["Bearer token-2", "Bearer token-2"]);
});

Deno.test("a plain http server gets no credentials", async () => {
  await using file = await writeKubeconfig({
    server: "http://127.0.0.1:8001",
    user: { token: "secret-token" },
  });
  const access = await kubeconfigAccess({ clock: new FakeClock(), path: file.path });
  assertEquals(await access.authorization(), undefined);
  assertEquals([access.baseUrl, access.clientOptions()], ["http://127.0.0.1:8001", {}]);
});

Deno.test("a context that is not there is named", async () => {
  await using file = await writeKubeconfig({});
  await assertRejects(
    () => kubeconfigAccess({ clock: new FakeClock(), path: file.path, context: "nowhere" }),
    Error,
    'Cannot use kubeconfig: no context "nowhere"',
  );
});

Deno.test("skipping the verification of the server is refused, with what to set instead", async () => {
  await using file = await writeKubeconfig({ cluster: { "insecure-skip-tls-verify": true } });
  await assertRejects(
    () => kubeconfigAccess({ clock: new FakeClock(), path: file.path }),
    Error,
    "set certificate-authority-data",
  );
});
