import { assertEquals } from "@std/assert";
import { tagging } from "../../../../src/resources/bucket/settings/tagging.ts";
import { versioning } from "../../../../src/resources/bucket/settings/versioning.ts";
import { bucketSpec } from "../fixture.ts";

Deno.test("a setting that the spec leaves out is not managed", () => {
  assertEquals(versioning.desired(bucketSpec()), undefined);
  assertEquals(tagging.desired(bucketSpec()), undefined);
});

Deno.test("a setting that is there and empty takes away what the service has", () => {
  assertEquals(tagging.desired(bucketSpec({ tagging: {} })), {});
  assertEquals(tagging.equal({}, { a: "1" }), false);
});

const VERSIONING = [
  ["Enabled", "Enabled", true],
  ["Enabled", "Suspended", false],
  ["Enabled", "Never", false],
  ["Suspended", "Enabled", false],
  ["Suspended", "Suspended", true],
  ["Suspended", "Never", true],
] as const;

for (const [desired, observed, equal] of VERSIONING) {
  Deno.test(`versioning ${desired} where the service has ${observed}: ${equal ? "nothing" : "a write"}`, () => {
    assertEquals(versioning.equal(desired, observed), equal);
  });
}

Deno.test("tags are equal whatever their order, and not when one is more or less", () => {
  assertEquals(tagging.equal({ a: "1", b: "2" }, { b: "2", a: "1" }), true);
  assertEquals(tagging.equal({ a: "1" }, { a: "1", b: "2" }), false);
  assertEquals(tagging.equal({ a: "1", b: "2" }, { a: "1" }), false);
  assertEquals(tagging.equal({ a: "" }, {}), false);
});
