/**
 * The rules of the definitions on the real API server.
 */
import { runOlderObjectCases } from "../conformance/crd_older_objects.ts";
import { runCrdRuleCases } from "../conformance/crd_rules_runner.ts";
import { kubernetesFromEnvironment } from "../support/kubernetes_endpoint.ts";

Deno.test("real API server enforces each rule of the definitions, with its message", async (t) => {
  const endpoint = await kubernetesFromEnvironment();
  try {
    await runCrdRuleCases(t, { ...endpoint, namespace: "crd-rules" });
  } finally {
    endpoint.client.close();
  }
});

Deno.test("real API server lets older objects that break a rule live on", async (t) => {
  const endpoint = await kubernetesFromEnvironment();
  try {
    await runOlderObjectCases(t, { ...endpoint, namespace: "crd-rules" });
  } finally {
    endpoint.client.close();
  }
});
