import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { KubeObject } from "../../src/api/common.ts";
import { keyOf } from "../../src/api/key.ts";
import { Store } from "../../src/watch/store.ts";

interface Thing extends KubeObject {
  readonly colours: readonly string[];
}

const COLOURS = ["red", "green", "blue"];

const anyThing = fc.record({
  name: fc.constantFrom("a", "b", "c", "d"),
  namespace: fc.constantFrom("one", "two"),
  uid: fc.constantFrom("first", "second"),
  colours: fc.uniqueArray(fc.constantFrom(...COLOURS)),
});

const anyStep = fc.oneof(
  fc.record({ kind: fc.constant("put" as const), thing: anyThing }),
  fc.record({ kind: fc.constant("remove" as const), thing: anyThing }),
  fc.record({
    kind: fc.constant("replace" as const),
    namespace: fc.constantFrom("one", "two", undefined),
    things: fc.uniqueArray(anyThing, { selector: ({ name, namespace }) => `${namespace}/${name}` }),
  }),
);

Deno.test("an index always lists what a filter over all objects finds, and changes explain the state", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      const store = new Store<Thing>({ byColour: ({ colours }) => colours });
      const told = new Map<string, Thing>();
      let version = 0;
      const make = (
        { name, namespace, uid, colours }: typeof anyThing extends fc.Arbitrary<infer T> ? T
          : never,
      ): Thing => ({
        apiVersion: "test/v1",
        kind: "Thing",
        metadata: { name, namespace, uid, resourceVersion: String(++version) },
        colours,
      });
      for (const step of steps) {
        const changes = step.kind === "put"
          ? store.put(make(step.thing))
          : step.kind === "remove"
          ? store.remove(`${step.thing.namespace}/${step.thing.name}`)
          : store.replace(
            step.namespace,
            step.things.filter(({ namespace }) =>
              step.namespace === undefined || namespace === step.namespace
            ).map(make),
          );
        for (const { kind, object } of changes) {
          if (kind === "deleted") told.delete(keyOf(object));
          else told.set(keyOf(object), object);
        }
      }
      const all = [...store.keys()].map((key) => store.get(key)!);
      assertEquals(all.map(keyOf).sort(), [...told.keys()].sort());
      for (const object of all) assertEquals(told.get(keyOf(object)), object);
      for (const colour of COLOURS) {
        const filtered = all.filter(({ colours }) => colours.includes(colour)).map(keyOf);
        assertEquals([...store.keysBy("byColour", colour)].sort(), filtered.sort());
      }
    }),
    { numRuns: 2_000 },
  );
});
