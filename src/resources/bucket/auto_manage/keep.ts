/**
 * Makes the children of a Bucket and keeps them equal to its spec.
 *
 * Guarantees: an object of another owner is not touched; nothing is deleted here, also when
 * autoManage is switched off, because an application may live on the key.
 */
import type { Bucket, BucketSpec } from "../../../api/bucket.ts";
import type { CustomResource, Json } from "../../../api/common.ts";
import type { ProviderSpec } from "../../../api/provider.ts";
import { findCondition } from "../../../control/conditions.ts";
import { sameJson } from "../../../control/json.ts";
import { conditionsOf } from "../../../control/status.ts";
import { KubeError } from "../../../kube/error.ts";
import { isTakenOver } from "../taken_over.ts";
import { type Child, type ChildKind, childObject, childrenOf } from "./children.ts";

/** How children are found and written. */
export interface ChildStore {
  find(kind: ChildKind, name: { readonly namespace?: string; readonly name: string }):
    | CustomResource
    | undefined;
  create(kind: ChildKind, namespace: string | undefined, body: Json): Promise<CustomResource>;
  /** Takes over the given fields of the spec. */
  apply(
    kind: ChildKind,
    name: { readonly namespace?: string; readonly name: string },
    spec: { readonly [field: string]: Json },
  ): Promise<void>;
}

/** How the children are. */
export type ChildrenState =
  /** There are none to be. */
  | { readonly kind: "off" }
  /** The spec asks for them and they cannot be. */
  | { readonly kind: "impossible"; readonly message: string }
  | {
    readonly kind: "kept";
    /** Sentences about children that are not as they should be; empty when all is well. */
    readonly problems: readonly string[];
    /** Children that differ and wait for consent, or whose Bucket only looks. */
    readonly heldBack: readonly string[];
    /** All are equal to the spec, Ready or not. */
    readonly equal: boolean;
  };

/** What the keeping depends on. */
export interface KeepInput {
  readonly spec: BucketSpec;
  /** The Provider can make users. */
  readonly hasIam: boolean;
  /** What exists may be changed. */
  readonly mayChange: boolean;
  /** What is missing may be made. */
  readonly mayCreate: boolean;
  readonly store: ChildStore;
}

/** What may be done about the children of a Bucket in this pass. */
export function childInput(
  bucket: Bucket,
  pass: { readonly spec: BucketSpec; readonly resolved: { readonly providerSpec: ProviderSpec } },
  { children }: { readonly children: ChildStore },
): KeepInput {
  const { spec, resolved: { providerSpec } } = pass;
  const looksOnly = spec.drift?.mode === "Detect";
  const consented = spec.adoptionPolicy === "Adopt" || !isTakenOver(bucket) ||
    (bucket.status?.managedSettings?.includes("autoManage") ?? false);
  return {
    spec,
    hasIam: providerSpec.iamEndpoint !== undefined,
    mayChange: consented && !looksOnly,
    mayCreate: !looksOnly,
    store: children,
  };
}

/**
 * Makes and corrects the children.
 *
 * @throws KubeError when the API server refuses
 */
export async function keepChildren(bucket: Bucket, input: KeepInput): Promise<ChildrenState> {
  const { spec, hasIam } = input;
  if (spec.autoManage?.enabled === false) return { kind: "off" };
  if (!hasIam) {
    if (spec.autoManage === undefined) return { kind: "off" };
    const message = "spec.autoManage needs an IAM service: set spec.iamEndpoint of the Provider, " +
      "or spec.autoManage.enabled: false";
    return { kind: "impossible", message };
  }
  const results = await Promise.all(
    childrenOf(bucket, spec).map((child) => keepChild(bucket, child, input)),
  );
  return {
    kind: "kept",
    problems: results.flatMap(({ problem }) => problem ?? []),
    heldBack: results.flatMap(({ heldBack }) => heldBack ?? []),
    equal: results.every(({ equal }) => equal),
  };
}

interface Kept {
  readonly equal: boolean;
  readonly problem?: string;
  readonly heldBack?: string;
}

async function keepChild(bucket: Bucket, child: Child, input: KeepInput): Promise<Kept> {
  const { store } = input;
  const { namespace } = bucket.metadata;
  const name = { name: child.name, ...(namespace === undefined ? {} : { namespace }) };
  const shown = `${child.kind} "${child.name}"`;
  const found = store.find(child.kind, name);
  if (found === undefined) {
    if (!input.mayCreate) return { equal: false, heldBack: `${shown} is missing` };
    return await create(bucket, child, store);
  }
  if (!isOwned(found, bucket)) {
    const problem = `${shown} belongs to somebody else: rename or delete it, or rename this Bucket`;
    return { equal: false, problem };
  }
  const fixed = fixedField(found, child);
  if (fixed !== undefined) return { equal: false, problem: `${shown}: ${fixed}` };
  const differing = child.kept.filter((field) => !sameField(found, child, field));
  if (differing.length > 0) {
    if (!input.mayChange) return { equal: false, heldBack: `${shown} differs in ${differing}` };
    await store.apply(
      child.kind,
      name,
      Object.fromEntries(differing.map((field) => [field, child.spec[field]!])),
    );
  }
  const problem = readinessOf(found, shown);
  return { equal: true, ...(problem === undefined ? {} : { problem }) };
}

async function create(bucket: Bucket, child: Child, store: ChildStore): Promise<Kept> {
  const shown = `${child.kind} "${child.name}"`;
  try {
    await store.create(child.kind, bucket.metadata.namespace, childObject(bucket, child));
    return { equal: true, problem: `${shown} was just made` };
  } catch (error) {
    // The watch is behind, or somebody was faster: the next pass sees whose it is.
    if (!(error instanceof KubeError && error.code === 409)) throw error;
    return { equal: false, problem: `${shown} exists already` };
  }
}

function isOwned({ metadata }: CustomResource, bucket: Bucket): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === bucket.metadata.uid);
}

/** The user's name cannot be changed once it has one. */
function fixedField(found: CustomResource, child: Child): string | undefined {
  if (child.kind !== "User") return undefined;
  const stored = (found.spec as { readonly name?: string } | undefined)?.name;
  if (stored === child.spec["name"]) return undefined;
  return `its name is "${stored}" and cannot be changed: set spec.autoManage.userName to that, or ` +
    "delete the AccessKey and the User to have others made";
}

function sameField(found: CustomResource, child: Child, field: string): boolean {
  const spec = (found.spec ?? {}) as { readonly [name: string]: unknown };
  if (field === "rotate") return sameRotation(spec[field], child.spec[field]);
  return sameJson(spec[field], child.spec[field]);
}

/** Fields that only the AccessKey itself has are its own. */
function sameRotation(stored: unknown, wanted: Json | undefined): boolean {
  const rotate = (stored ?? {}) as { readonly [name: string]: unknown };
  const shared = Object.keys(wanted ?? {}).map((name) => [name, rotate[name]]);
  return sameJson(Object.fromEntries(shared), wanted);
}

function readinessOf(found: CustomResource, shown: string): string | undefined {
  const ready = findCondition(conditionsOf(found), "Ready");
  const current = ready?.observedGeneration === found.metadata.generation;
  if (ready?.status === "True" && current) return undefined;
  return `${shown} is not ready${ready === undefined || !current ? "" : `: ${ready.reason}`}`;
}
