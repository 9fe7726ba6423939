/**
 * The scenario suite on a real API server and a third-party S3 service that checks signatures.
 */
import { kubeconfigAccess } from "../../src/kube/kubeconfig.ts";
import { systemClock } from "../../src/ops/clock.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { bucketScenarios } from "../scenario/buckets.ts";
import { providerScenarios } from "../scenario/providers.ts";
import { play, type Theatre } from "../scenario/stage.ts";
import { kubernetesFromEnvironment } from "../support/kubernetes_endpoint.ts";
import { variable } from "../support/environment.ts";

Deno.test("on a real API server and a third-party S3 service", async (t) => {
  const kubernetes = await kubernetesFromEnvironment();
  try {
    await installDefinitions(kubernetes);
    const theatre: Theatre = {
      kubernetes,
      cloud: {
        url: variable("MOTO_ENFORCING_ENDPOINT"),
        accessKeyId: variable("MOTO_ENFORCING_ACCESS_KEY"),
        secretAccessKey: variable("MOTO_ENFORCING_SECRET_KEY"),
      },
      access: () => kubeconfigAccess({ clock: systemClock, path: variable("KUBECONFIG") }),
      closedUrl: "http://127.0.0.1:9",
    };
    for (const scenario of [...providerScenarios, ...bucketScenarios]) {
      await t.step(scenario.claim, () => play(theatre, scenario));
    }
  } finally {
    kubernetes.client.close();
  }
});
