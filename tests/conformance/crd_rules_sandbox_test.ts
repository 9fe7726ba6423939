/**
 * The definitions and their rules on the embedded API: the same cases as on the real one.
 */
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";
import { runOlderObjectCases } from "./crd_older_objects.ts";
import { runPredecessorObjectCases } from "./crd_predecessor_objects.ts";
import { type CrdRuleTarget, runCrdRuleCases } from "./crd_rules_runner.ts";

async function withTarget(use: (target: CrdRuleTarget) => Promise<void>): Promise<void> {
  const server = await startSandboxKubernetes({ clock: systemClock });
  try {
    await use({ baseUrl: server.url, namespace: "crd-rules" });
  } finally {
    await server.stop();
  }
}

Deno.test("embedded API enforces each rule of the definitions, with its message", async (t) => {
  await withTarget((target) => runCrdRuleCases(t, target));
});

Deno.test("embedded API lets older objects that break a rule live on", async (t) => {
  await withTarget((target) => runOlderObjectCases(t, target));
});

Deno.test("embedded API stores the predecessor's objects unchanged", async (t) => {
  await withTarget((target) => runPredecessorObjectCases(t, target));
});
