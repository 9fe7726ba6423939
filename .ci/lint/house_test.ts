import { assertEquals } from "@std/assert";

import plugin from "./house.ts";

interface Case {
  readonly rule: string;
  readonly claim: string;
  /** @default "src/control/a.ts" */
  readonly file?: string;
  readonly code: string;
}

function firedBy({ file = "src/control/a.ts", code }: Case): string[] {
  return Deno.lint.runPlugin(plugin, file, code).map(({ id }) => id.replace("house/", ""));
}

const LONG = `function f() {\n${"  g();\n".repeat(59)}}`;
const SCREEN = `function f() {\n${"  g();\n".repeat(58)}}`;

const FIRES: readonly Case[] = [
  { rule: "no-console", claim: "output outside the commands", code: `console.log("a");` },
  { rule: "injected-time", claim: "Date.now", code: `const a = Date.now();` },
  { rule: "injected-time", claim: "the present as a Date", code: `const a = new Date();` },
  { rule: "injected-time", claim: "Math.random", code: `const a = Math.random();` },
  { rule: "injected-time", claim: "Math.random as a value", code: `const a = Math.random;` },
  { rule: "injected-time", claim: "performance.now", code: `const a = performance.now();` },
  { rule: "injected-time", claim: "setTimeout", code: `setTimeout(g, 5);` },
  { rule: "injected-time", claim: "setInterval", code: `setInterval(g, 5);` },
  { rule: "injected-time", claim: "a global timer", code: `globalThis.setTimeout(g, 5);` },
  { rule: "no-bare-fetch", claim: "the global fetch", code: `await fetch("http://a");` },
  { rule: "no-bare-fetch", claim: "its long name", code: `await globalThis.fetch("http://a");` },
  { rule: "package-homes", claim: "LogTape", code: `import { a } from "@logtape/logtape";` },
  {
    rule: "package-homes",
    claim: "the Kubernetes client's code",
    file: "src/kube/kubeconfig.ts",
    code: `import { KubeConfig } from "@kubernetes/client-node";`,
  },
  {
    rule: "package-homes",
    claim: "the Kubernetes client loaded elsewhere",
    code: `const a = await import("@kubernetes/client-node");`,
  },
  { rule: "named-exports", claim: "a default export", code: `export default 1;` },
  { rule: "named-exports", claim: "a renamed one", code: `const a = 1; export { a as default };` },
  { rule: "function-declarations", claim: "an arrow constant", code: `const a = () => 1;` },
  {
    rule: "function-declarations",
    claim: "an exported one",
    code: `export const a = function () {};`,
  },
  { rule: "documented-exports", claim: "a bare function", code: `export function a() {}` },
  { rule: "documented-exports", claim: "a bare class", code: `export class A {}` },
  { rule: "documented-exports", claim: "a bare interface", code: `export interface A {}` },
  {
    rule: "documented-exports",
    claim: "a docstring that belongs to something else",
    code: `/** A. */\nconst a = 1;\nexport function b() { return a; }`,
  },
  {
    rule: "documented-exports",
    claim: "an ordinary comment",
    code: `// Text.\nexport function a() {}`,
  },
  {
    rule: "few-parameters",
    claim: "a third parameter",
    code: `/** A. */\nexport function a(b: 1, c: 2, d: 3) {}`,
  },
  {
    rule: "few-parameters",
    claim: "a third parameter before the options",
    code: `/** A. */\nexport function a(b: 1, c: 2, d: 3, e: AOptions) {}`,
  },
  { rule: "short-functions", claim: "61 lines", code: LONG },
  { rule: "error-message", claim: "a small first letter", code: `throw new Error("cannot");` },
  { rule: "error-message", claim: "a period", code: `throw new KubeError("Cannot.");` },
  { rule: "error-message", claim: "a contraction", code: `throw new Error("Can't do");` },
  { rule: "error-message", claim: "a template", code: "throw new Error(`cannot ${a}`);" },
];

const PASSES: readonly Case[] = [
  {
    rule: "no-console",
    claim: "a command",
    file: "src/commands/a.ts",
    code: `console.log("a");`,
  },
  { rule: "no-console", claim: "a check", file: ".ci/a.ts", code: `console.log("a");` },
  { rule: "injected-time", claim: "a given moment", code: `const a = new Date(5);` },
  { rule: "injected-time", claim: "a clock", code: `const a = clock.now();` },
  { rule: "injected-time", claim: "its home", file: "src/ops/a.ts", code: `Date.now();` },
  { rule: "injected-time", claim: "a test", file: "tests/a_test.ts", code: `Date.now();` },
  { rule: "no-bare-fetch", claim: "its home", file: "src/kube/a.ts", code: `fetch("a");` },
  { rule: "no-bare-fetch", claim: "a parameter", code: `function a(fetch: F) { fetch("a"); }` },
  {
    rule: "no-bare-fetch",
    claim: "an option",
    code: `function a({ fetch }: O) { fetch("a"); }`,
  },
  { rule: "no-bare-fetch", claim: "a method of that name", code: `a.fetch("a");` },
  {
    rule: "package-homes",
    claim: "LogTape's home",
    file: "src/ops/log.ts",
    code: `import { a } from "@logtape/logtape";`,
  },
  {
    rule: "package-homes",
    claim: "the client's types",
    code: `import type { A } from "@kubernetes/client-node";`,
  },
  {
    rule: "package-homes",
    claim: "the client loaded at home",
    file: "src/kube/kubeconfig.ts",
    code: `const a = await import("@kubernetes/client-node");`,
  },
  { rule: "named-exports", claim: "a name", code: `export const a = 1;` },
  {
    rule: "named-exports",
    claim: "a lint plugin",
    file: ".ci/lint/house.ts",
    code: `export default 1;`,
  },
  { rule: "function-declarations", claim: "an inner arrow", code: `a.map((b) => b);` },
  {
    rule: "function-declarations",
    claim: "a local arrow",
    code: `function a() { const b = () => 1; return b; }`,
  },
  {
    rule: "documented-exports",
    claim: "a docstring, with a lint directive between",
    code: `/** A. */\n// deno-lint-ignore no-empty-interface\nexport interface A {}`,
  },
  { rule: "documented-exports", claim: "what is not exported", code: `function a() {}` },
  { rule: "documented-exports", claim: "a test", file: "tests/a.ts", code: `export class A {}` },
  {
    rule: "few-parameters",
    claim: "two parameters",
    code: `/** A. */\nexport function a(b: 1, c: 2) {}`,
  },
  {
    rule: "few-parameters",
    claim: "named options after them",
    code: `/** A. */\nexport function a(b: 1, c: 2, options: AOptions = {}) {}`,
  },
  {
    rule: "few-parameters",
    claim: "a third parameter whose type names its fields",
    code: `/** A. */\nexport function a(b: 1, c: 2, d: { readonly e: 3 }) {}`,
  },
  {
    rule: "few-parameters",
    claim: "destructured options after them",
    code: `/** A. */\nexport function a(b: 1, c: 2, { d }: { readonly d: 3 }) {}`,
  },
  {
    rule: "few-parameters",
    claim: "what is not exported",
    code: `function a(b: 1, c: 2, d: 3) {}`,
  },
  { rule: "short-functions", claim: "60 lines", code: SCREEN },
  { rule: "short-functions", claim: "a test", file: "tests/a_test.ts", code: LONG },
  { rule: "error-message", claim: "a good one", code: `throw new Error('Cannot do: got "a"');` },
  { rule: "error-message", claim: "a value first", code: "throw new Error(`${a} is unknown`);" },
  { rule: "error-message", claim: "a possessive", code: `throw new Error("The user's key");` },
  { rule: "error-message", claim: "what is no error", code: `new Thing("cannot.");` },
];

for (const example of FIRES) {
  Deno.test(`house/${example.rule} refuses ${example.claim}`, () => {
    assertEquals(firedBy(example), [example.rule]);
  });
}

for (const example of PASSES) {
  Deno.test(`house/${example.rule} accepts ${example.claim}`, () => {
    assertEquals(firedBy(example), []);
  });
}

Deno.test("each house rule has an example that it refuses and one that it accepts", () => {
  const rules = Object.keys(plugin.rules).sort();
  const refused = [...new Set(FIRES.map(({ rule }) => rule))].sort();
  const accepted = [...new Set(PASSES.map(({ rule }) => rule))].sort();
  assertEquals([refused, accepted], [rules, rules]);
});
