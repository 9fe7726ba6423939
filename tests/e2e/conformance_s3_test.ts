/**
 * The cases about S3 and IAM on every third-party service that the environment names, each with
 * its known differences.
 */
import { knownDifferences } from "../conformance/known_differences.ts";
import { cloudCases } from "../conformance/s3/all_cases.ts";
import { runCloudCases } from "../conformance/s3/place.ts";
import { everyCloud } from "./real_servers.ts";

for (const { name, url, accessKeyId, secretAccessKey } of everyCloud()) {
  Deno.test(`${name} answers as the cases say, but for its known differences`, async (t) => {
    const differences = knownDifferences[name] ?? [];
    const target = { name, url, iamUrl: url, accessKeyId, secretAccessKey };
    await runCloudCases(t, target, { cases: cloudCases, differences });
    // The name of a step is what a quiet run prints.
    await t.step(
      `${name} has ${differences.length} known differences in ${cloudCases.length} cases`,
      () => {},
    );
  });
}
