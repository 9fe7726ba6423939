import { assert, assertEquals } from "@std/assert";
import { type KindName, kindNames } from "../../../src/api/registry.ts";
import { crdRuleCases } from "../../conformance/crd_rules.ts";
import { fieldsOf } from "./validator.ts";

interface Refusal {
  readonly field: string;
  readonly message: string;
}

function refusalsOf(kind: KindName): readonly Refusal[] {
  return crdRuleCases.filter((ruleCase) => ruleCase.kind === kind)
    .flatMap(({ outcome }) => outcome.kind === "refused" ? [outcome] : []);
}

for (const kind of kindNames) {
  const fields = fieldsOf(kind);
  const refusals = refusalsOf(kind);

  Deno.test(`${kind}: each rule has a case that it refuses with its message`, () => {
    const messages = fields.flatMap(({ schema }) => schema["x-kubernetes-validations"] ?? [])
      .map((rule) => rule.message);
    const untested = messages.filter((message) =>
      !refusals.some((refusal) => message.startsWith(refusal.message))
    );
    assertEquals(untested, []);
  });

  Deno.test(`${kind}: each pattern has a case that it refuses`, () => {
    const patterns = fields.filter(({ schema }) => schema["pattern"] !== undefined)
      .map(({ path }) => path);
    const untested = patterns.filter((path) =>
      !refusals.some(({ field, message }) =>
        message === "should match" && field.replaceAll(/\[\d+\]/g, "[]") === path
      )
    );
    assertEquals(untested, []);
  });

  Deno.test(`${kind}: messages of rules are short sentences without a full stop`, () => {
    for (const { path, schema } of fields) {
      for (const { message, rule } of schema["x-kubernetes-validations"] ?? []) {
        assert(message.length <= 300 && !/[.\n]$/.test(message), `${path}: ${rule}`);
      }
    }
  });

  Deno.test(`${kind}: transition rules are not inside lists, where CEL cannot pair items`, () => {
    const bad = fields.filter(({ path }) => path.includes("[]") || path.includes("{}"))
      .flatMap(({ schema }) => schema["x-kubernetes-validations"] ?? [])
      .filter(({ rule }) => rule.includes("oldSelf"));
    assertEquals(bad, []);
  });
}

Deno.test("each claim about a rule is made once", () => {
  const claims = crdRuleCases.map((ruleCase) => `${ruleCase.claim}: ${ruleCase.outcome.kind}`);
  assertEquals(claims.length, new Set(claims).size);
});
