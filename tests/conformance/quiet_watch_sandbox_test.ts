/**
 * The slow cases about watches on the embedded API; a file of its own, so that others run beside.
 */
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";
import { runKubernetesCases } from "./kubernetes/place.ts";
import { quietWatchCases } from "./kubernetes/quiet_watch.ts";

Deno.test("the embedded API keeps quiet watches as a Kubernetes API does", async (t) => {
  const server = await startSandboxKubernetes({ clock: systemClock });
  try {
    await runKubernetesCases(t, { baseUrl: server.url }, quietWatchCases);
  } finally {
    await server.stop();
  }
});
