import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Provider } from "../../../src/api/provider.ts";
import { keyOf } from "../../../src/api/key.ts";
import { readinessProblem, resolveProvider } from "../../../src/resources/reference.ts";
import type { TestObject } from "../../support/builders.ts";
import { storedBucket, storedProvider } from "./fixture.ts";

interface Situation {
  readonly provider?: Provider;
  readonly labels?: Readonly<Record<string, string>>;
  readonly workedBefore?: boolean;
  readonly namespace?: string;
}

/** Resolves a reference of a Bucket in namespace "home". */
function resolve({ provider, labels, workedBefore = false, namespace = "away" }: Situation) {
  const lookup = {
    provider: (key: string) => provider && keyOf(provider) === key ? provider : undefined,
    namespaceLabels: () => labels,
  };
  const reference = { name: "main", namespace };
  return resolveProvider(storedBucket({}), reference, { lookup, workedBefore });
}

function away(allowedNamespaces?: TestObject): Provider {
  return storedProvider({
    metadata: { namespace: "away" },
    spec: allowedNamespaces === undefined ? {} : { allowedNamespaces },
  });
}

const SELECTOR = { from: "Selector", selector: { matchLabels: { team: "one" } } };

const GRANTS: readonly (readonly [string, Situation, boolean])[] = [
  ["no grant", { provider: away() }, false],
  ["a grant for its own namespace", { provider: away({ from: "Same" }) }, false],
  ["a grant for all", { provider: away({ from: "All" }) }, true],
  ["a grant that names this one", { provider: away({ names: ["x", "home"] }) }, true],
  ["a grant that names others", { provider: away({ names: ["homely", "x"] }) }, false],
  ["a selector that fits", { provider: away(SELECTOR), labels: { team: "one" } }, true],
  ["a selector that does not fit", { provider: away(SELECTOR), labels: { team: "two" } }, false],
  ["a selector, and labels that nobody can read", { provider: away(SELECTOR) }, false],
  ["no grant, for an object that worked before", { provider: away(), workedBefore: true }, true],
];

for (const [what, situation, allowed] of GRANTS) {
  Deno.test(`a Provider of another namespace with ${what} ${allowed ? "is" : "is not"} used`, () => {
    const result = resolve(situation);
    assertEquals(result.kind, allowed ? "usable" : "problem");
    if (result.kind === "problem") assertEquals(result.reason, "ReferenceNotAllowed");
  });
}

Deno.test("a refused reference reads the same whether its Provider exists or not", () => {
  assertEquals(resolve({ provider: away() }), resolve({}));
  assertEquals(resolve({ workedBefore: true }), resolve({ provider: away() }));
  const result = resolve({});
  assertMatch(
    result.kind === "problem" ? result.message : "",
    /add "home" to spec\.allowedNamespaces\.names/,
  );
});

Deno.test("what is used only because it worked before carries a warning, what is allowed none", () => {
  const kept = resolve({ provider: away(), workedBefore: true });
  assertMatch(kept.kind === "usable" ? kept.warning ?? "" : "", /allowedNamespaces\.names/);
  const granted = resolve({ provider: away({ from: "All" }), workedBefore: true });
  assertEquals(granted.kind === "usable" && granted.warning, undefined);
});

Deno.test("a Provider of the same namespace needs no grant, and is missed by name", () => {
  const provider = storedProvider({});
  assertEquals(resolve({ provider, namespace: "home" }).kind, "usable");
  const missing = resolve({ namespace: "home" });
  assert(missing.kind === "problem" && missing.reason === "ProviderNotFound");
  assertMatch(missing.message, /"main" does not exist.*spec\.providerRef/);
});

Deno.test("a Provider with a spec that does not fit the schema is not used", () => {
  const provider = { ...storedProvider({}), spec: { region: 5 } } as unknown as Provider;
  assertEquals(resolve({ provider, namespace: "home" }).kind, "problem");
});

function withReady(condition: TestObject): Provider {
  return storedProvider({ metadata: { generation: 2 }, status: { conditions: [condition] } });
}

const READINESS = [
  ["ready", { type: "Ready", status: "True", observedGeneration: 2 }, undefined],
  ["ready, for an older spec", { type: "Ready", status: "True", observedGeneration: 1 }, "Pending"],
  ["not ready", { type: "Ready", status: "False", observedGeneration: 2 }, "ProviderNotReady"],
  ["not tried", { type: "Other", status: "True", observedGeneration: 2 }, "Pending"],
] as const;

for (const [what, condition, reason] of READINESS) {
  Deno.test(`a Provider that is ${what} is waited for with ${reason}`, () => {
    assertEquals(readinessProblem(withReady(condition))?.reason, reason);
  });
}
