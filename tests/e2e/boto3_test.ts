/**
 * boto3, which knows nothing of our SDK's habits, on the embedded services and on a third-party
 * one: one script, equal results.
 */
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxIam } from "../../src/sandbox/iam/server.ts";
import { startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { variable } from "../support/environment.ts";

const SCRIPT = new URL("boto3_life.py", import.meta.url).pathname;

interface Service {
  readonly url: string;
  readonly iamUrl: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the script says of a service, one step a line. */
async function lifeOn(service: Service): Promise<readonly string[]> {
  const { code, stdout, stderr } = await new Deno.Command(variable("E2E_PYTHON"), {
    args: ["-W", "ignore", SCRIPT, service.url, service.iamUrl],
    env: {
      AWS_ACCESS_KEY_ID: service.accessKeyId,
      AWS_SECRET_ACCESS_KEY: service.secretAccessKey,
      AWS_EC2_METADATA_DISABLED: "true",
      // No settings of the machine.
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  assertEquals(code, 0, `${decoder.decode(stdout)}${decoder.decode(stderr)}`);
  return decoder.decode(stdout).trim().split("\n");
}

Deno.test("boto3 lives the same life on the embedded services and on a third-party one", async () => {
  const url = variable("MOTO_ENFORCING_ENDPOINT");
  const theirs = await lifeOn({
    url,
    iamUrl: url,
    accessKeyId: variable("MOTO_ENFORCING_ACCESS_KEY"),
    secretAccessKey: variable("MOTO_ENFORCING_SECRET_KEY"),
  });
  const s3 = await startSandboxS3({ clock: systemClock });
  const iam = await startSandboxIam({ directory: s3.state.directory });
  try {
    const ours = await lifeOn({ ...s3, iamUrl: iam.url });
    assert(ours.length > 60, `${ours.length} steps`);
    assertEquals(ours, theirs);
  } finally {
    await iam.stop();
    await s3.stop();
  }
});
