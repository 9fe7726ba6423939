import { assertEquals, assertThrows } from "@std/assert";
import { freezeObject } from "../../../src/watch/freeze.ts";

function decoded() {
  return {
    apiVersion: "test/v1",
    kind: "Thing",
    metadata: {
      name: "a",
      uid: "u",
      resourceVersion: "1",
      managedFields: [{ manager: "kubectl" }],
      annotations: {
        "kubectl.kubernetes.io/last-applied-configuration": "{}",
        "example.org/kept": "yes",
      },
    },
    spec: { list: [{ deep: 1 }] },
  };
}

Deno.test("a write to a watched object throws, however deep", () => {
  const object = freezeObject(decoded());
  assertThrows(() => object.metadata.name = "b", TypeError);
  assertThrows(() => object.spec.list.push({ deep: 2 }), TypeError);
  assertThrows(() => object.spec.list[0]!.deep = 2, TypeError);
  assertThrows(() => delete (object as { spec?: unknown }).spec, TypeError);
});

Deno.test("what nobody reads is taken off, and only that", () => {
  const { metadata } = freezeObject(decoded());
  assertEquals("managedFields" in metadata, false);
  assertEquals(metadata.annotations as Record<string, string>, { "example.org/kept": "yes" });
});
