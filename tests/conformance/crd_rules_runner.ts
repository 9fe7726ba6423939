/**
 * Runs crdRuleCases on any Kubernetes API.
 */
import { API_VERSION } from "../../src/api/common.ts";
import { call, type KubernetesEndpoint, mustCall } from "../support/kubernetes_endpoint.ts";
import type { CrdRuleCase } from "./crd_rule_builders.ts";
import { crdRuleCases } from "./crd_rules.ts";
import { assertOutcome, ensureNamespace, installDefinitions, pathOf } from "./crd_server.ts";

/** Where the cases run. */
export interface CrdRuleTarget extends KubernetesEndpoint {
  readonly namespace: string;
}

/** Installs the definitions and runs each case as a step of the test. */
export async function runCrdRuleCases(
  context: Deno.TestContext,
  target: CrdRuleTarget,
): Promise<void> {
  await installDefinitions(target);
  await ensureNamespace(target, target.namespace);
  for (const [index, ruleCase] of crdRuleCases.entries()) {
    await context.step(
      `${ruleCase.claim}: ${ruleCase.outcome.kind}`,
      () => runCrdRuleCase(ruleCase, { target, name: `rule-${index}` }),
    );
  }
}

async function runCrdRuleCase(
  ruleCase: CrdRuleCase,
  options: { readonly target: CrdRuleTarget; readonly name: string },
): Promise<void> {
  const { target, name } = options;
  const { kind, spec, change, outcome } = ruleCase;
  const path = pathOf(kind, { namespace: target.namespace });
  const body = {
    apiVersion: API_VERSION,
    kind,
    metadata: { name },
    ...(spec === null ? {} : { spec }),
  };

  await call(target, { method: "DELETE", path: `${path}/${name}` });
  try {
    if (change === undefined) {
      assertOutcome(await call(target, { method: "POST", path, body }), outcome);
      return;
    }
    await mustCall(target, { method: "POST", path, body });
    const patch = { method: "PATCH", path: `${path}/${name}`, body: change } as const;
    assertOutcome(await call(target, patch), outcome);
  } finally {
    await call(target, { method: "DELETE", path: `${path}/${name}` });
  }
}
