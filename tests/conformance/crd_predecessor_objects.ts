/**
 * The predecessor's stored objects, written to an API server and read back: nothing is refused,
 * dropped or added, and a finalizer can be removed.
 */
import { API_VERSION, FINALIZER, PREDECESSOR_FINALIZER } from "../../src/api/common.ts";
import type { KindName } from "../../src/api/registry.ts";
import { assertEquals } from "@std/assert";
import { call, mustCall } from "../support/kubernetes_endpoint.ts";
import objects from "../support/predecessor_objects.json" with { type: "json" };
import type { CrdRuleTarget } from "./crd_rules_runner.ts";
import { ensureNamespace, installDefinitions, pathOf } from "./crd_server.ts";

/** Installs the definitions and runs one step per object. */
export async function runPredecessorObjectCases(
  context: Deno.TestContext,
  target: CrdRuleTarget,
): Promise<void> {
  await installDefinitions(target);
  await ensureNamespace(target, target.namespace);
  for (const object of objects) {
    const claim = `${object.kind} "${object.name}" is stored unchanged, status included`;
    await context.step(claim, () => storeAndRelease(object, target));
  }
}

async function storeAndRelease(
  { kind, name, spec, status }: (typeof objects)[number],
  target: CrdRuleTarget,
): Promise<void> {
  const collection = pathOf(kind as KindName, { namespace: target.namespace });
  const path = `${collection}/${name}`;
  const finalizers = [PREDECESSOR_FINALIZER, FINALIZER];
  const metadata = { name, finalizers };
  try {
    await mustCall(target, {
      method: "POST",
      path: `${collection}?fieldValidation=Strict`,
      body: { apiVersion: API_VERSION, kind, metadata, spec },
    });
    await mustCall(target, { method: "PATCH", path: `${path}/status`, body: { status } });
    const stored = await mustCall(target, { method: "GET", path });
    assertEquals({ spec: stored.spec, status: stored.status } as unknown, { spec, status });
  } finally {
    await call(target, { method: "DELETE", path });
    await call(target, { method: "PATCH", path, body: { metadata: { finalizers: [] } } });
  }
  assertEquals((await call(target, { method: "GET", path })).status, 404);
}
