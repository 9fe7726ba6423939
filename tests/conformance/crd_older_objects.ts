/**
 * Objects that the predecessor's definitions admitted and today's rules refuse for new objects:
 * they must go on, be corrected, and lose their finalizers.
 *
 * The definitions are installed twice under a group of their own, first without rules.
 */
import { type Json, VERSION } from "../../src/api/common.ts";
import { type CustomResourceDefinition, customResourceDefinition } from "../../src/api/crd.ts";
import type { KindName } from "../../src/api/registry.ts";
import { assertEquals } from "@std/assert";
import { eventually } from "../support/eventually.ts";
import { call, mustCall } from "../support/kubernetes_endpoint.ts";
import { type CrdRuleOutcome, type Part, validSpecs } from "./crd_rule_builders.ts";
import type { CrdRuleTarget } from "./crd_rules_runner.ts";
import {
  assertOutcome,
  ensureNamespace,
  installDefinitions,
  pathOf,
  removeDefinitions,
} from "./crd_server.ts";

const OLDER_GROUP = "older.s3.cloud37.dev";
const FINALIZER = "example.com/hold";

interface OlderObjectCase {
  readonly claim: string;
  readonly kind: KindName;
  readonly spec: Part;
  readonly change: Part;
  readonly outcome: CrdRuleOutcome;
}

const accepted: CrdRuleOutcome = { kind: "accepted" };
const badEndpoint = { endpoint: "localhost:9000" };
const bothPolicies = { policy: { statement: [] }, policyRef: { name: "read-logs" } };

/** What no new object may have, by kind. */
const refusedSpecs = {
  Provider: badEndpoint,
  Bucket: { name: "a..b" },
  User: { name: "two words" },
} as const;

const cases: readonly OlderObjectCase[] = [
  {
    claim: "a Bucket with a refused name may change its settings",
    kind: "Bucket",
    spec: refusedSpecs.Bucket,
    change: { versioning: { enabled: true } },
    outcome: accepted,
  },
  {
    claim: "a Provider with a refused endpoint may change something else",
    kind: "Provider",
    spec: badEndpoint,
    change: { pathStyle: false },
    outcome: accepted,
  },
  {
    claim: "a Provider with a refused endpoint may correct it",
    kind: "Provider",
    spec: badEndpoint,
    change: { endpoint: "http://localhost:9000" },
    outcome: accepted,
  },
  {
    claim: "a Provider with a refused endpoint may not get another refused one",
    kind: "Provider",
    spec: badEndpoint,
    change: { endpoint: "localhost:9001" },
    outcome: {
      kind: "refused",
      field: "spec.endpoint",
      message: "endpoint must be an http or https URL",
    },
  },
  {
    claim: "a Provider with a refused region may change something else",
    kind: "Provider",
    spec: { region: "eu central" },
    change: { pathStyle: false },
    outcome: accepted,
  },
  {
    claim: "a User with a refused name may change its tags",
    kind: "User",
    spec: refusedSpecs.User,
    change: { tags: { team: "a" } },
    outcome: accepted,
  },
  {
    claim: "a User with policy and policyRef may change its tags",
    kind: "User",
    spec: bothPolicies,
    change: { tags: { team: "a" } },
    outcome: accepted,
  },
  {
    claim: "a User with policy and policyRef may drop one",
    kind: "User",
    spec: bothPolicies,
    change: { policyRef: null },
    outcome: accepted,
  },
];

/** Runs the cases as steps of the test. */
export async function runOlderObjectCases(
  context: Deno.TestContext,
  target: CrdRuleTarget,
): Promise<void> {
  const definitions = (Object.keys(refusedSpecs) as KindName[]).map(inOlderGroup);
  await installDefinitions(target, definitions.map(withoutRules));
  await ensureNamespace(target, target.namespace);
  try {
    for (const [index, olderCase] of cases.entries()) await create(olderCase, { target, index });
    await installDefinitions(target, definitions);
    await rulesAct(target);
    for (const [index, olderCase] of cases.entries()) {
      await context.step(olderCase.claim, () => change(olderCase, { target, index }));
    }
  } finally {
    await removeDefinitions(target, definitions);
  }
}

function inOlderGroup(kind: KindName): CustomResourceDefinition {
  const definition = customResourceDefinition(kind);
  return {
    ...definition,
    metadata: { name: `${definition.spec.names.plural}.${OLDER_GROUP}` },
    spec: {
      ...definition.spec,
      group: OLDER_GROUP,
      names: { ...definition.spec.names, shortNames: [], categories: [] },
    },
  };
}

function withoutRules(definition: CustomResourceDefinition): CustomResourceDefinition {
  return JSON.parse(
    JSON.stringify(definition, (key, value) => key === "x-kubernetes-validations" ? [] : value),
  );
}

interface Run {
  readonly target: CrdRuleTarget;
  readonly index: number;
}

function path(olderCase: OlderObjectCase, { target, index }: Run): string {
  const name = `older-${index}`;
  return pathOf(olderCase.kind, { namespace: target.namespace, name, group: OLDER_GROUP });
}

async function create(olderCase: OlderObjectCase, run: Run): Promise<void> {
  const { kind, spec } = olderCase;
  await mustCall(run.target, {
    method: "POST",
    path: pathOf(kind, { namespace: run.target.namespace, group: OLDER_GROUP }),
    body: {
      apiVersion: `${OLDER_GROUP}/${VERSION}`,
      kind,
      metadata: { name: `older-${run.index}`, finalizers: [FINALIZER] },
      spec: { ...validSpecs[kind], ...spec },
    },
  });
}

/** A changed definition acts after a moment: waits until a refused object is refused. */
async function rulesAct(target: CrdRuleTarget): Promise<void> {
  for (const [kind, spec] of Object.entries(refusedSpecs) as [KindName, Part][]) {
    const body: Json = {
      apiVersion: `${OLDER_GROUP}/${VERSION}`,
      kind,
      metadata: { name: "probe" },
      spec: { ...validSpecs[kind], ...spec },
    };
    const collection = pathOf(kind, { namespace: target.namespace, group: OLDER_GROUP });
    await eventually(async () => {
      const answer = await call(target, { method: "POST", path: `${collection}?dryRun=All`, body });
      assertEquals(answer.status, 422);
    });
  }
}

/** The operator's order: status first, then the user's change, at the end the finalizer. */
async function change(olderCase: OlderObjectCase, run: Run): Promise<void> {
  const { target } = run;
  const object = path(olderCase, run);
  await mustCall(target, {
    method: "PATCH",
    path: `${object}/status`,
    body: { status: { observedGeneration: 1 } },
  });
  const body = { spec: olderCase.change };
  assertOutcome(await call(target, { method: "PATCH", path: object, body }), olderCase.outcome);

  await mustCall(target, { method: "DELETE", path: object });
  await mustCall(target, { method: "PATCH", path: object, body: { metadata: { finalizers: [] } } });
}
