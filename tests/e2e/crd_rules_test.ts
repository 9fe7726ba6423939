/**
 * The definitions and their rules on the real API server.
 */
import { runOlderObjectCases } from "../conformance/crd_older_objects.ts";
import { runPredecessorObjectCases } from "../conformance/crd_predecessor_objects.ts";
import { type CrdRuleTarget, runCrdRuleCases } from "../conformance/crd_rules_runner.ts";
import { kubernetesFromEnvironment } from "../support/kubernetes_endpoint.ts";

async function withTarget(use: (target: CrdRuleTarget) => Promise<void>): Promise<void> {
  const endpoint = await kubernetesFromEnvironment();
  try {
    await use({ ...endpoint, namespace: "crd-rules" });
  } finally {
    endpoint.client.close();
  }
}

Deno.test("real API server enforces each rule of the definitions, with its message", async (t) => {
  await withTarget((target) => runCrdRuleCases(t, target));
});

Deno.test("real API server lets older objects that break a rule live on", async (t) => {
  await withTarget((target) => runOlderObjectCases(t, target));
});

Deno.test("real API server stores the predecessor's objects unchanged", async (t) => {
  await withTarget((target) => runPredecessorObjectCases(t, target));
});
