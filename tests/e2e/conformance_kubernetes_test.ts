/**
 * The cases about the Kubernetes API on the real API server.
 */
import { kubernetesCases } from "../conformance/kubernetes/all_cases.ts";
import { quietWatchCases } from "../conformance/kubernetes/quiet_watch.ts";
import { runKubernetesCases } from "../conformance/kubernetes/place.ts";
import { kubernetesFromEnvironment } from "../support/kubernetes_endpoint.ts";

Deno.test("the real API server answers as the cases say", async (t) => {
  const endpoint = await kubernetesFromEnvironment();
  try {
    await runKubernetesCases(t, endpoint, [...kubernetesCases, ...quietWatchCases]);
  } finally {
    endpoint.client.close();
  }
});
