import { assertEquals, assertStringIncludes } from "@std/assert";

import { findCycles } from "./cycles.ts";
import { findDeadExports } from "./dead_exports.ts";
import { judgeSizes } from "./sizes.ts";
import { parseTestSummary } from "./test_summary.ts";

Deno.test("cycles: each cycle is found once, whoever is asked first", () => {
  const graph = new Map([
    ["a", ["b"]],
    ["b", ["c", "d"]],
    ["c", ["a"]],
    ["d", ["d"]],
    ["e", ["a", "f"]],
    ["f", []],
  ]);
  assertEquals(findCycles(graph), [["a", "b", "c"], ["d"]]);
});

Deno.test("cycles: two ways to one file are no cycle", () => {
  assertEquals(findCycles(new Map([["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]]])), []);
});

Deno.test("sizes: a file beyond its budget and a large median are faults", () => {
  const small = { path: "src/a.ts", lines: 400 };
  const large = { path: "src/b.ts", lines: 401 };
  const { faults, summary } = judgeSizes([small, large], [{ path: "tests/c.ts", lines: 601 }]);
  assertEquals(faults.length, 3);
  assertStringIncludes(summary, "max 401 (src/b.ts)");
});

Deno.test("sizes: within the budgets there is no fault", () => {
  const sources = [100, 120, 400].map((lines) => ({ path: `src/${lines}.ts`, lines }));
  assertEquals(judgeSizes(sources, [{ path: "tests/a.ts", lines: 600 }]).faults, []);
});

function dead(files: Record<string, string>): readonly string[] {
  return findDeadExports(new Map(Object.entries(files)));
}

Deno.test("dead exports: what nobody imports is dead, and a test's import does not revive it", () => {
  const files = {
    "src/ops/a.ts": "export function used() {}\nexport const unused = 1;\nexport class Gone {}",
    "src/kube/b.ts": 'import { type T, used as other } from "../ops/a.ts";',
    "tests/unit/a_test.ts": 'import { unused } from "../../src/ops/a.ts";',
  };
  assertEquals(dead(files), ["src/ops/a.ts: unused", "src/ops/a.ts: Gone"]);
});

Deno.test("dead exports: the sandbox's API is for tests", () => {
  const files = {
    "src/sandbox/a.ts": "export async function start() {}",
    "tests/unit/a_test.ts": 'import { start } from "../../src/sandbox/a.ts";',
  };
  assertEquals(dead(files), []);
});

Deno.test("dead exports: a type that its own file uses needs no other user", () => {
  const files = {
    "src/ops/a.ts": "export interface Options {}\nfunction f(options: Options) {}\n" +
      "/** Like Lonely. */\nexport type Lonely = 1;",
  };
  assertEquals(dead(files), ["src/ops/a.ts: Lonely"]);
});

Deno.test("dead exports: a module that is loaded whole is used whole", () => {
  const files = {
    "src/ops/a.ts": "export function a() {}",
    "src/ops/b.ts": "export function b() {}",
    "src/ops/c.ts": "export function c() {}",
    "src/kube/d.ts": 'const a = await import("../ops/a.ts");\n' +
      'import * as b from "../ops/b.ts";\nexport { c } from "../ops/c.ts";',
  };
  assertEquals(dead(files), ["src/kube/d.ts: c"]);
});

Deno.test("test summary: the last one counts, with colours, steps and ignored tests", () => {
  const output = "ok | 1 passed | 0 failed\n" +
    "\x1b[0m\x1b[31mFAILED\x1b[0m | 41 passed (3 steps) | 2 failed | 1 ignored (2s)";
  assertEquals(parseTestSummary(output), { passed: 41, failed: 2 });
  assertEquals(parseTestSummary("error: Module not found"), undefined);
});
