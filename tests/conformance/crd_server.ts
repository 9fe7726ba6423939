/**
 * What the cases about custom resource definitions do with a server: install definitions, make
 * objects, judge answers.
 */
import { FIELD_MANAGER, GROUP, type Json, VERSION } from "../../src/api/common.ts";
import {
  type CustomResourceDefinition,
  customResourceDefinition,
  fitDefinition,
} from "../../src/api/crd.ts";
import { type KindName, kindNames, kinds } from "../../src/api/registry.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { eventually } from "../support/eventually.ts";
import {
  type Answer,
  call,
  type KubernetesEndpoint,
  mustCall,
} from "../support/kubernetes_endpoint.ts";
import type { CrdRuleOutcome } from "./crd_rule_builders.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** Path of a kind's objects in a namespace, or of one object. */
export function pathOf(
  kind: KindName,
  place: { readonly namespace: string; readonly name?: string; readonly group?: string },
): string {
  const collection = `/apis/${place.group ?? GROUP}/${VERSION}/namespaces/${place.namespace}/` +
    kinds[kind].plural;
  return place.name === undefined ? collection : `${collection}/${place.name}`;
}

/** Applies definitions as the server's version takes them, and waits until objects can be listed. */
export async function installDefinitions(
  endpoint: KubernetesEndpoint,
  definitions: readonly CustomResourceDefinition[] = kindNames.map(customResourceDefinition),
): Promise<void> {
  const { minor } = await mustCall(endpoint, { method: "GET", path: "/version" });
  const kubernetesMinor = Number.parseInt(minor, 10);
  for (const definition of definitions) {
    const query = `?fieldManager=${FIELD_MANAGER}&force=true`;
    await mustCall(endpoint, {
      method: "PATCH",
      path: `${DEFINITIONS}/${definition.metadata.name}${query}`,
      contentType: "application/apply-patch+yaml",
      body: fitDefinition(definition, { kubernetesMinor }) as unknown as Json,
    });
  }
  for (const { spec } of definitions) {
    await eventually(async () => {
      const path = `/apis/${spec.group}/${VERSION}/${spec.names.plural}`;
      assertEquals((await call(endpoint, { method: "GET", path })).status, 200);
    });
  }
}

/** Removes definitions and all their objects. */
export async function removeDefinitions(
  endpoint: KubernetesEndpoint,
  definitions: readonly CustomResourceDefinition[],
): Promise<void> {
  for (const { metadata } of definitions) {
    await call(endpoint, { method: "DELETE", path: `${DEFINITIONS}/${metadata.name}` });
  }
}

/** Makes the namespace unless it is there. */
export async function ensureNamespace(endpoint: KubernetesEndpoint, name: string): Promise<void> {
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const answer = await call(endpoint, { method: "POST", path: "/api/v1/namespaces", body });
  assertEquals([201, 409].includes(answer.status), true, JSON.stringify(answer.body));
}

/** Fails unless the answer is what the case expects. */
export function assertOutcome(answer: Answer, outcome: CrdRuleOutcome): void {
  if (outcome.kind === "accepted") {
    assertEquals(answer.status < 300, true, `accepted, but got ${answer.body.message}`);
    return;
  }

  assertEquals(answer.status, 422, JSON.stringify(answer.body));
  assertStringIncludes(answer.body.message, outcome.message);
  const causes = (answer.body.details?.causes ?? []) as readonly { field: string }[];
  assertEquals(
    causes.map((cause) => cause.field).includes(outcome.field),
    true,
    `field ${outcome.field} in ${JSON.stringify(causes)}`,
  );
}
