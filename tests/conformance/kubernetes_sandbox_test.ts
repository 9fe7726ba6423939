/**
 * The cases about the Kubernetes API on the embedded one: the same as on the real one.
 */
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";
import { kubernetesCases } from "./kubernetes/all_cases.ts";
import { runKubernetesCases } from "./kubernetes/place.ts";

Deno.test("the embedded API answers as a Kubernetes API does", async (t) => {
  const server = await startSandboxKubernetes({ clock: systemClock });
  try {
    await runKubernetesCases(t, { baseUrl: server.url }, kubernetesCases);
  } finally {
    await server.stop();
  }
});
