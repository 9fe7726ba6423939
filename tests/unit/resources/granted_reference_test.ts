import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { CustomResource } from "../../../src/api/common.ts";
import { referenceKey, resolveGranted } from "../../../src/resources/granted_reference.ts";
import type { TestObject } from "../../support/builders.ts";
import { storedBucket } from "./fixture.ts";

/** An object of namespace "away". */
function policy(spec?: TestObject): CustomResource {
  const metadata = { name: "read", namespace: "away", uid: "1", resourceVersion: "1" };
  return { apiVersion: "v1", kind: "IAMPolicy", metadata, ...(spec && { spec }) };
}

/** Resolves a reference to it from namespace "home". */
function resolve(target: CustomResource | undefined, workedBefore = false) {
  return resolveGranted(storedBucket({}), { name: "read", namespace: "away" }, {
    kind: "IAMPolicy",
    field: "policyRef",
    find: (key) => key === "away/read" ? target : undefined,
    namespaces: { namespaceLabels: () => ({ team: "one" }) },
    workedBefore,
  });
}

Deno.test("an object of another namespace is used by its grant alone", () => {
  const granting = policy({ allowedNamespaces: { names: ["home"] } });
  assertEquals(resolve(granting), { kind: "usable", target: granting, warning: undefined });
  const bySelector = { from: "Selector", selector: { matchLabels: { team: "one" } } };
  assertEquals(resolve(policy({ allowedNamespaces: bySelector })).kind, "usable");
  for (const spec of [undefined, {}, { allowedNamespaces: { from: "Same" } }]) {
    assertEquals(resolve(policy(spec)).kind, "problem");
  }
});

Deno.test("a grant that does not fit the schema grants nothing", () => {
  assertEquals(resolve(policy({ allowedNamespaces: { from: "Everyone" } })).kind, "problem");
  assertEquals(resolve(policy({ allowedNamespaces: "All" })).kind, "problem");
});

Deno.test("a refusal reads the same whether the object exists or not, and names the remedy", () => {
  const result = resolve(policy());
  assertEquals(result, resolve(undefined));
  assert(result.kind === "problem");
  assertEquals(result.reason, "ReferenceNotAllowed");
  assertStringIncludes(result.message, 'add "home" to spec.allowedNamespaces.names');
});

Deno.test("what worked under the predecessor is kept with a warning, while its target exists", () => {
  const kept = resolve(policy(), true);
  assert(kept.kind === "usable");
  assertStringIncludes(kept.warning ?? "", "because the predecessor allowed it");
  assertEquals(resolve(undefined, true), resolve(undefined));
});

Deno.test("an object of the own namespace needs no grant", () => {
  const options = {
    kind: "User",
    field: "userRef",
    namespaces: { namespaceLabels: () => undefined },
    workedBefore: false,
  } as const;
  const reference = { name: "x" };
  const target = policy();
  const found = resolveGranted(storedBucket({}), reference, { ...options, find: () => target });
  assertEquals(found.kind, "usable");
  const missing = resolveGranted(storedBucket({}), reference, {
    ...options,
    find: () => undefined,
  });
  assert(missing.kind === "problem");
  assertEquals([missing.reason, missing.on], ["UserNotFound", "User home/x"]);
  assertEquals(referenceKey(storedBucket({}), reference), "home/x");
});
