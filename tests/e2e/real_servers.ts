/**
 * The theatre of real servers, from the variables of the environment.
 */
import { kubeconfigAccess } from "../../src/kube/kubeconfig.ts";
import { systemClock } from "../../src/ops/clock.ts";
import type { Theatre } from "../scenario/stage.ts";
import { variable } from "../support/environment.ts";
import { kubernetesFromEnvironment } from "../support/kubernetes_endpoint.ts";

/** Runs a test on the real API server and an S3 service that checks signatures. */
export async function withRealServers(run: (theatre: Theatre) => Promise<void>): Promise<void> {
  const kubernetes = await kubernetesFromEnvironment();
  try {
    await run({
      kubernetes,
      cloud: {
        url: variable("MOTO_ENFORCING_ENDPOINT"),
        accessKeyId: variable("MOTO_ENFORCING_ACCESS_KEY"),
        secretAccessKey: variable("MOTO_ENFORCING_SECRET_KEY"),
      },
      access: () => kubeconfigAccess({ clock: systemClock, path: variable("KUBECONFIG") }),
      closedUrl: "http://127.0.0.1:9",
    });
  } finally {
    kubernetes.client.close();
  }
}
