/**
 * The cases about S3 and IAM on the embedded services: the same as on third-party ones.
 */
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxIam } from "../../src/sandbox/iam/server.ts";
import { startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { assertEquals } from "@std/assert";
import { operatorRequests } from "./operator_requests.ts";
import { cloudCases } from "./s3/all_cases.ts";
import { otherVendorCases } from "./s3/more_settings.ts";
import { runCloudCases } from "./s3/place.ts";

Deno.test("the embedded S3 and IAM services answer as the cases say", async (t) => {
  const s3 = await startSandboxS3({ clock: systemClock });
  const iam = await startSandboxIam({ directory: s3.state.directory });
  try {
    const { url, accessKeyId, secretAccessKey } = s3;
    const target = { name: "EMBEDDED", url, iamUrl: iam.url, accessKeyId, secretAccessKey };
    const cases = cloudCases.filter((one) => !otherVendorCases.includes(one));
    await runCloudCases(t, target, { cases });
    s3.state.lacking.clear();
    await runCloudCases(t, target, { cases: otherVendorCases });
    const logs = { s3: s3.requests, iam: iam.requests };
    for (const api of ["s3", "iam"] as const) {
      const sent = logs[api].entries.map(({ operation }) => operation);
      const unproven = operatorRequests[api].filter((operation) => !sent.includes(operation));
      assertEquals(unproven, [], `sent to ${api} by the operator and by no case`);
    }
  } finally {
    await iam.stop();
    await s3.stop();
  }
});
