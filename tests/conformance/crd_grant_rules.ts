/**
 * Cases of the grant to other namespaces, which several kinds have.
 */
import type { KindName } from "../../src/api/registry.ts";
import { type CrdRuleCase, creates, type Part, refused } from "./crd_rule_builders.ts";

const selector = { matchLabels: { team: "a" } };
const selectorRefusal = refused(
  "spec.allowedNamespaces",
  "selector is needed with from: Selector, and must be left out with any other from",
);

function expression(requirement: Part): Part {
  return {
    allowedNamespaces: { from: "Selector", selector: { matchExpressions: [requirement] } },
  };
}

const expressionRefusal = refused(
  "spec.allowedNamespaces.selector.matchExpressions[0]",
  "values is needed with the operators In and NotIn",
);

/** Cases of `spec.allowedNamespaces` of a kind. */
export function grantCases(kind: KindName): readonly CrdRuleCase[] {
  return [
    creates(kind, "allowedNamespaces with names", { allowedNamespaces: { names: ["team-b"] } }),
    creates(kind, "allowedNamespaces for all", { allowedNamespaces: { from: "All" } }),
    creates(kind, "allowedNamespaces with a selector", {
      allowedNamespaces: { from: "Selector", selector },
    }),
    creates(
      kind,
      "allowedNamespaces from: Selector without selector",
      { allowedNamespaces: { from: "Selector" } },
      selectorRefusal,
    ),
    creates(
      kind,
      "allowedNamespaces with a selector that does not act",
      { allowedNamespaces: { selector } },
      selectorRefusal,
    ),
    creates(
      kind,
      "allowedNamespaces with a name that no namespace has",
      { allowedNamespaces: { names: ["Team_B"] } },
      refused("spec.allowedNamespaces.names[0]", "should match"),
    ),
    creates(
      kind,
      "matchExpressions with In and values",
      expression({ key: "team", operator: "In", values: ["a"] }),
    ),
    creates(
      kind,
      "matchExpressions with Exists",
      expression({ key: "team", operator: "Exists" }),
    ),
    creates(
      kind,
      "matchExpressions with In and no values",
      expression({ key: "team", operator: "In" }),
      expressionRefusal,
    ),
    creates(
      kind,
      "matchExpressions with Exists and values",
      expression({ key: "team", operator: "Exists", values: ["a"] }),
      expressionRefusal,
    ),
  ];
}
