/**
 * How the cases treat known differences.
 */
import { assertEquals, assertRejects } from "@std/assert";
import { knownDifferences } from "./known_differences.ts";
import { cloudCases } from "./s3/all_cases.ts";
import { type CloudCase, runCloudCases } from "./s3/place.ts";

const TARGET = {
  name: "NOBODY",
  url: "http://127.0.0.1:9",
  iamUrl: "http://127.0.0.1:9",
  accessKeyId: "a",
  secretAccessKey: "b",
};

/** Runs the cases with steps that throw here instead of failing this test. */
function run(cases: readonly CloudCase[], differences: readonly string[]): Promise<void> {
  const step = async (_name: string, body: () => Promise<void>) => {
    await body();
    return true;
  };
  return runCloudCases({ step } as unknown as Deno.TestContext, TARGET, {
    cases,
    differences: differences.map((claim) => ({ claim, reason: "test" })),
  });
}

const passing: CloudCase = { claim: "passes", run: () => Promise.resolve() };
const failing: CloudCase = { claim: "fails", run: () => Promise.reject(new Error("refuted")) };

Deno.test("a listed difference has to differ, an unlisted one fails", async () => {
  await run([passing, failing], ["fails"]);
  await assertRejects(() => run([passing, failing], []), Error, "refuted");
  await assertRejects(() => run([passing], ["passes"]), Error, "take it off the list");
  await assertRejects(() => run([passing], ["of no case"]));
});

Deno.test("each known difference is of a case, listed once", () => {
  const claims = new Set(cloudCases.map(({ claim }) => claim));
  assertEquals(claims.size, cloudCases.length, "two cases of one claim");
  for (const differences of Object.values(knownDifferences)) {
    const listed = differences.map(({ claim }) => claim);
    assertEquals(listed.filter((claim) => !claims.has(claim)), []);
    assertEquals(new Set(listed).size, listed.length);
  }
});
