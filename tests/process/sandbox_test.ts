/**
 * Command `sandbox --once` as a process.
 */
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "../../.ci/files.ts";
import { type Ending, programFromSource, runProgram } from "./program.ts";

/** Runs the sandbox in a folder of its own below the one that it may write to. */
async function runSandbox(words: readonly string[]): Promise<Ending> {
  const folder = `.sandbox/test-${crypto.randomUUID()}`;
  try {
    return await runProgram(
      await programFromSource(),
      ["sandbox", "--once", "--folder", folder, ...words],
    );
  } finally {
    await Deno.remove(ROOT + folder, { recursive: true });
  }
}

Deno.test("sandbox --once ends with 0 when every example is Ready", async () => {
  const { code, stdout, stderr } = await runSandbox([]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" }, stdout);
  assert(/All \d+ objects are Ready/.test(stdout), stdout);
});

Deno.test("sandbox --once names each object that is not Ready, and why", async () => {
  const examples = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${examples}/wrong-key.yaml`, WRONG_KEY);
    const ending = await runSandbox(["--examples", examples, "--timeout", "4"]);
    assertNotEquals(ending.code, 0);
    assertStringIncludes(ending.stderr, "Provider default/wrong is not Ready: WrongKey");
    assertStringIncludes(ending.stderr, "Bucket default/waiting is not Ready: ProviderNotReady");
  } finally {
    await Deno.remove(examples, { recursive: true });
  }
});

/** Only values under `access-key` and `secret-key` are replaced by the sandbox's own. */
const WRONG_KEY = `
apiVersion: v1
kind: Secret
metadata:
  name: wrong-credentials
  namespace: default
stringData:
  id: WRONGACCESSKEYID0000
  secret: wrong-secret-key-of-forty-characters-000
---
apiVersion: s3.cloud37.dev/v1alpha1
kind: Provider
metadata:
  name: wrong
  namespace: default
spec:
  region: us-east-1
  auth:
    accessKeySecretRef:
      name: wrong-credentials
      key: id
    secretKeySecretRef:
      name: wrong-credentials
      key: secret
---
apiVersion: s3.cloud37.dev/v1alpha1
kind: Bucket
metadata:
  name: waiting
  namespace: default
spec:
  providerRef:
    name: wrong
  name: example-waiting
`;
