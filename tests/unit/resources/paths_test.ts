import { assertEquals } from "@std/assert";
import {
  differences,
  keepObserved,
  parsePath,
  showPath,
  stable,
} from "../../../src/resources/paths.ts";

const PATHS: readonly (readonly [string, readonly string[]])[] = [
  ["cors", ["cors"]],
  ["tagging.tags.owner", ["tagging", "tags", "owner"]],
  ['lifecycle.rules["a.b c"].expiration.days', [
    "lifecycle",
    "rules",
    "a.b c",
    "expiration",
    "days",
  ]],
];

for (const [text, steps] of PATHS) {
  Deno.test(`${text} is read as a path and shown as it was written`, () => {
    assertEquals(parsePath(text), steps);
    assertEquals(showPath(steps), text);
  });
}

for (const text of ["", "a b", "a..b", "a[b]", 'a["b]', "$.a"]) {
  Deno.test(`${JSON.stringify(text)} is no path`, () => {
    assertEquals(parsePath(text), undefined);
  });
}

Deno.test("maps are compared key by key, lists and texts as a whole", () => {
  const desired = { tags: { a: "1", b: "2" }, list: [1, 2] };
  const observed = { tags: { b: "3", c: "4" }, list: [2, 1] };
  assertEquals(
    differences(desired, observed, { at: ["x"] }).map(({ path }) => showPath(path)),
    ["x.list", "x.tags.a", "x.tags.b", "x.tags.c"],
  );
});

Deno.test("equal values in another order of keys do not differ", () => {
  assertEquals(
    differences({ a: 1, b: { c: 2, d: 3 } }, { b: { d: 3, c: 2 }, a: 1 }, { at: [] }),
    [],
  );
});

Deno.test("what is ignored is taken as it is, absent included", () => {
  const desired = { tags: { a: "ours", b: "ours", c: "ours" } };
  const observed = { tags: { b: "theirs", d: "theirs" } };
  const paths = [["x", "tags", "a"], ["x", "tags", "b"], ["x", "tags", "d"]];
  assertEquals(keepObserved(desired, observed, { at: ["x"], paths }), {
    tags: { b: "theirs", c: "ours", d: "theirs" },
  });
});

Deno.test("an ignored setting is taken whole, and a path that leads elsewhere changes nothing", () => {
  const [desired, observed] = [{ a: 1 }, { b: 2 }];
  assertEquals(keepObserved(desired, observed, { at: ["x"], paths: [["x"]] }), observed);
  assertEquals(keepObserved(desired, observed, { at: ["x"], paths: [["y", "a"]] }), desired);
  assertEquals(keepObserved(desired, observed, { at: ["x"], paths: [["x", "q", "r"]] }), desired);
});

Deno.test("stable text is the same for the same value, whatever the order of keys", () => {
  assertEquals(stable({ b: [{ d: 1, c: 2 }], a: null }), stable({ a: null, b: [{ c: 2, d: 1 }] }));
});
