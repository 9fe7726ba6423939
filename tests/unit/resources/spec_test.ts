import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { bucketSpecSchema } from "../../../src/api/bucket.ts";
import { InvalidSpecError, parseSpec } from "../../../src/resources/spec.ts";
import type { TestObject } from "../../support/builders.ts";
import { storedBucket } from "./fixture.ts";

function parse(spec: TestObject) {
  return parseSpec(bucketSpecSchema, { ...storedBucket({}), spec });
}

Deno.test("what the schema leaves out is defaulted", () => {
  const spec = parse({ name: "bucket-one", providerRef: { name: "main" } });
  assertEquals([spec.deletionPolicy, spec.forceDelete], ["Retain", false]);
});

Deno.test("each field that does not fit is named, three of them at most", () => {
  const error = assertThrows(
    () => parse({ name: 5, providerRef: { name: 7 }, deletionPolicy: "Burn", forceDelete: "yes" }),
    InvalidSpecError,
  );
  assertMatch(error.message, /^Change spec\.\w+/);
  assertEquals(error.message.match(/spec\./g)?.length, 3);
  assertThrows(() => parse(undefined), InvalidSpecError);
});

Deno.test("a value of the spec is not repeated in the message", () => {
  const error = assertThrows(
    () => parse({ name: "bucket-one", providerRef: { name: "main" }, deletionPolicy: "s3cr3t" }),
    InvalidSpecError,
  );
  assert(!error.message.includes("s3cr3t"));
});
