/**
 * Every example of a Bucket, read from its file: it ends as its comment says, and a second look at
 * it writes nothing.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parseAllDocuments } from "yaml";
import type { TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest, countWrites } from "./counts.ts";
import { embeddedTest } from "./embedded.ts";

const EXAMPLES = new URL("../../examples/", import.meta.url);

/** Fields that the embedded service lacks, as Wasabi does, by example. */
const LACKING: Readonly<Record<string, readonly string[]>> = {
  "bucket-hardened.yaml": ["encryption", "publicAccess", "ownership", "requestPayer"],
};
/** Examples for a bucket that is there already, or for another namespace's Provider. */
const APART = ["bucket-adopted.yaml", "bucket-policy.yaml"];

async function bucketsIn(file: string): Promise<readonly TestObject[]> {
  const text = await Deno.readTextFile(new URL(file, EXAMPLES));
  return parseAllDocuments(text).map((document) => document.toJSON() as TestObject);
}

/** As in the file, but for the Provider, the namespace and the patience of the test. */
function here({ metadata, ...object }: TestObject): TestObject {
  const spec = { ...object.spec, providerRef: { name: "provider" } };
  if (spec.drift !== undefined) spec.drift = { ...spec.drift, interval: undefined };
  return { ...object, metadata: { name: metadata.name }, spec };
}

const files = [...Deno.readDirSync(EXAMPLES)].map(({ name }) => name)
  .filter((name) => name.startsWith("bucket-") && !APART.includes(name)).sort();

for (const file of files) {
  const lacking = LACKING[file] ?? [];
  const end = lacking.length === 0 ? "is all applied" : `is applied but for ${lacking.join(", ")}`;
  embeddedTest(`${file} ${end}, and settles`, async ({ cluster, operate, provide }) => {
    const operator = await operate({ driftIntervalMs: 400 });
    await provide();
    const buckets = (await bucketsIn(file)).map(here);
    await cluster.apply(...buckets);
    for (const { metadata: { name } } of buckets) {
      const bucket = await cluster.untilCondition("Bucket", name, { status: "True" });
      await eventually(async () => {
        const synced = conditionOf(await cluster.get("Bucket", name), "Synced");
        assertEquals(synced?.reason, lacking.length === 0 ? "Ready" : "FeatureUnsupported");
      });
      const message = conditionOf(bucket, "FeatureUnsupported").message;
      for (const field of lacking) assertStringIncludes(message, `spec.${field} `);
    }
    const before = await countsAtRest(operator);
    await eventually(async () => assert((await countWrites(operator)).passes >= before.passes + 3));
    const after = await countWrites(operator);
    assertEquals([after.kube, after.provider], [before.kube, before.provider]);
  });
}
