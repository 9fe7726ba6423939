import { assertEquals } from "@std/assert";
import type { LabelSelector } from "../../../src/api/allowed_namespaces.ts";
import { selects } from "../../../src/resources/label_selector.ts";

const LABELS = { team: "one", tier: "" };

type Requirement = NonNullable<LabelSelector["matchExpressions"]>[number];

function need(key: string, operator: Requirement["operator"], values?: string[]): LabelSelector {
  return { matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }] };
}

const CASES: readonly (readonly [string, LabelSelector, boolean])[] = [
  ["nothing", {}, true],
  ["an equal label", { matchLabels: { team: "one" } }, true],
  ["another value", { matchLabels: { team: "two" } }, false],
  ["a label that is missing", { matchLabels: { other: "one" } }, false],
  ["an empty value", { matchLabels: { tier: "" } }, true],
  ["two labels of which one fits", { matchLabels: { team: "one", tier: "x" } }, false],
  ["In a list with it", need("team", "In", ["x", "one"]), true],
  ["In a list without it", need("team", "In", ["x"]), false],
  ["In, and the label is missing", need("other", "In", ["x"]), false],
  ["NotIn a list with it", need("team", "NotIn", ["one"]), false],
  ["NotIn, and the label is missing", need("other", "NotIn", ["x"]), true],
  ["Exists", need("tier", "Exists"), true],
  ["Exists, and the label is missing", need("other", "Exists"), false],
  ["DoesNotExist", need("other", "DoesNotExist"), true],
  ["DoesNotExist, and it does", need("tier", "DoesNotExist"), false],
  [
    "both parts, of which one fits",
    { matchLabels: { team: "one" }, ...need("x", "Exists") },
    false,
  ],
];

for (const [what, selector, expected] of CASES) {
  Deno.test(`a selector that asks for ${what} ${expected ? "selects" : "does not select"}`, () => {
    assertEquals(selects(selector, LABELS), expected);
  });
}
