/**
 * The scenario suite on the embedded servers.
 */
import { plainAccess } from "../../src/kube/access.ts";
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";
import { startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { bucketScenarios } from "./buckets.ts";
import { providerScenarios } from "./providers.ts";
import { play } from "./stage.ts";

for (const scenario of [...providerScenarios, ...bucketScenarios]) {
  Deno.test(scenario.claim, async () => {
    const kubernetes = await startSandboxKubernetes({ clock: systemClock });
    const s3 = await startSandboxS3({ clock: systemClock });
    try {
      await installDefinitions({ baseUrl: kubernetes.url });
      await play({
        kubernetes: { baseUrl: kubernetes.url },
        cloud: s3,
        access: () => Promise.resolve(plainAccess(kubernetes.url)),
        closedUrl: "http://127.0.0.1:9",
      }, scenario);
    } finally {
      await kubernetes.stop();
      await s3.stop();
    }
  });
}
