import { assertEquals } from "@std/assert";
import { PREDECESSOR_FINALIZER } from "../../../../src/api/common.ts";
import { isTakenOver } from "../../../../src/resources/bucket/taken_over.ts";
import type { TestObject } from "../../../support/builders.ts";
import { storedBucket } from "../fixture.ts";

const MARKED = { finalizers: [PREDECESSOR_FINALIZER] };
const ANNOTATED = { annotations: { "kopf.zalando.org/last-handled-configuration": "{}" } };
const EXISTS = { exists: true, bucketName: "bucket-one" };

const CASES: readonly (readonly [string, TestObject, TestObject, boolean])[] = [
  ["the marker and a status that says so", MARKED, EXISTS, true],
  ["the annotation and a status that says so", ANNOTATED, EXISTS, true],
  ["a marker alone, which any tenant can write", MARKED, undefined, false],
  ["a status of another bucket", MARKED, { ...EXISTS, bucketName: "other" }, false],
  ["a status that the bucket is missing", MARKED, { ...EXISTS, exists: false }, false],
  ["a status without a mark", {}, EXISTS, false],
];

for (const [what, metadata, status, takenOver] of CASES) {
  Deno.test(`${what} ${takenOver ? "proves" : "does not prove"} the predecessor's ownership`, () => {
    const parts = { metadata, ...(status === undefined ? {} : { status }) };
    assertEquals(isTakenOver(storedBucket(parts)), takenOver);
  });
}
