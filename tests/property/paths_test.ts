/**
 * What is ignored never differs, and what differs is found, for any value.
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Json } from "../../src/api/common.ts";
import {
  differences,
  keepObserved,
  parsePath,
  showPath,
  stable,
} from "../../src/resources/paths.ts";

const RUNS = { numRuns: 10_000 };

const key = fc.constantFrom("a", "b", "c", "d.e", "f g");
const { tree } = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.integer({ min: 0, max: 2 }),
    fc.constantFrom("x", "y"),
    fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 2 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 3 }),
  ) as fc.Arbitrary<Json>,
}));
const path = fc.array(key, { minLength: 1, maxLength: 3 });

function isBelow(inner: readonly string[], outer: readonly string[]): boolean {
  return outer.every((step, index) => inner[index] === step);
}

Deno.test("values differ exactly where differences says so", () => {
  fc.assert(
    fc.property(tree, tree, (desired, observed) => {
      const found = differences(desired, observed, { at: [] });
      assertEquals(found.length === 0, stable(desired) === stable(observed));
      for (const { desired: left, observed: right } of found) {
        assert(stable(left) !== stable(right));
      }
    }),
    RUNS,
  );
});

Deno.test("nothing at or below an ignored path differs, and everything else still does", () => {
  fc.assert(
    fc.property(tree, tree, fc.array(path, { maxLength: 3 }), (desired, observed, paths) => {
      const kept = keepObserved(desired, observed, { at: [], paths });
      const left = differences(kept, observed, { at: [] });
      for (const { path } of left) assert(!paths.some((ignored) => isBelow(path, ignored)));
      const outside = differences(desired, observed, { at: [] })
        .filter(({ path }) =>
          !paths.some((ignored) => isBelow(path, ignored) || isBelow(ignored, path))
        );
      for (const { path } of outside) {
        assert(left.some((entry) => showPath(entry.path) === showPath(path)), showPath(path));
      }
    }),
    RUNS,
  );
});

Deno.test("a path that is shown is read back as it was", () => {
  fc.assert(
    fc.property(path, (steps) => assertEquals(parsePath(showPath(steps)), steps)),
    RUNS,
  );
});
