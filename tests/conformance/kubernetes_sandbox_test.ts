/**
 * The cases about the Kubernetes API on the embedded one: the same as on the real one.
 */
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";
import { assertEquals } from "@std/assert";
import { kubernetesCases } from "./kubernetes/all_cases.ts";
import { runKubernetesCases } from "./kubernetes/place.ts";
import { operatorRequests } from "./operator_requests.ts";
import { kubernetesKindOf } from "./request_kinds.ts";

Deno.test("the embedded API answers as a Kubernetes API does", async (t) => {
  const server = await startSandboxKubernetes({ clock: systemClock });
  try {
    await runKubernetesCases(t, { baseUrl: server.url }, kubernetesCases);
    const sent = [...server.requests].map(kubernetesKindOf);
    const unproven = operatorRequests.kubernetes.filter((kind) => !sent.includes(kind));
    assertEquals(unproven, [], "sent by the operator and by no case");
  } finally {
    await server.stop();
  }
});
