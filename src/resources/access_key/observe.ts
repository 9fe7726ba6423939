/**
 * Reads the keys of the user, and the Secrets of the AccessKey.
 */
import { listAccessKeys, type ListedKey } from "../../wasabi/iam_access_keys.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { type KeyPair, tryKey } from "../../wasabi/try_key.ts";
import type { Memory } from "./memory.ts";
import type { SecretState, SecretStore } from "./secret_store.ts";

/** The Secret in which the key is published. */
export type Published =
  | { readonly kind: "absent" }
  | { readonly kind: "foreign" }
  | {
    readonly kind: "ours";
    readonly uid: string;
    /** Undefined when it holds no pair. */
    readonly pair: KeyPair | undefined;
    /** Entries, labels and checksum are as they are to be for the pair that it holds. */
    readonly intact: boolean;
    /** Asked of the service only where something seems to be wrong. */
    readonly works: boolean | undefined;
  }
  /** The spec names another Secret now; the pair is still in the former one. */
  | { readonly kind: "moved"; readonly pair: KeyPair };

/** What was read, at one moment. */
export interface Observed {
  /** Undefined when the account has no such user. */
  readonly listed: readonly ListedKey[] | undefined;
  readonly published: Published;
  /** Pair of a creation that has not ended, if it was kept. */
  readonly pending: KeyPair | undefined;
  /** Pairs of replaced keys that could be published again; read only where one is needed. */
  readonly previous: ReadonlyMap<string, KeyPair>;
}

/** Where things are read. */
export interface ObserveContext {
  readonly iam: Iam;
  readonly userName: string;
  readonly memory: Memory;
  readonly store: SecretStore;
  readonly names: {
    readonly published: string;
    readonly pending: string;
    readonly previous: (rotateTime: string) => string;
  };
  /** Whether a Secret of ours is as it is to be for its pair. */
  readonly isIntact: (secret: Extract<SecretState, { kind: "ours" }>, pair: KeyPair) => boolean;
  readonly rollbackWanted: boolean;
}

/** Reads everything that the plan goes by. */
export async function observe(context: ObserveContext): Promise<Observed> {
  const { iam, userName, memory, store, names } = context;
  const [listed, secret, pending] = await Promise.all([
    listAccessKeys(iam, userName),
    store.read(names.published),
    memory.creation === undefined ? undefined : store.read(names.pending),
  ]);
  const published = await publishedOf(secret, { context, listed: listed ?? [] });
  const needsPrevious = context.rollbackWanted ||
    (memory.accessKeyId !== undefined && pairOf(published)?.accessKeyId !== memory.accessKeyId);
  return {
    listed,
    published,
    pending: pending?.kind === "ours" ? pending.pair : undefined,
    previous: needsPrevious ? await previousPairs(context) : new Map(),
  };
}

/** The pair that applications read now. */
export function pairOf(published: Published): KeyPair | undefined {
  return published.kind === "ours" || published.kind === "moved" ? published.pair : undefined;
}

async function publishedOf(
  secret: SecretState,
  { context, listed }: { readonly context: ObserveContext; readonly listed: readonly ListedKey[] },
): Promise<Published> {
  const { memory, store, names, iam } = context;
  if (secret.kind === "absent") {
    const former = memory.secretName;
    if (former === undefined || former === names.published) return secret;
    const old = await store.read(former);
    const pair = old.kind === "ours" ? old.pair : undefined;
    return pair === undefined ? secret : { kind: "moved", pair };
  }
  if (secret.kind === "foreign") return secret;
  const { pair, uid } = secret;
  if (pair === undefined) return { kind: "ours", uid, pair, intact: false, works: undefined };
  const intact = context.isIntact(secret, pair);
  const isCurrent = pair.accessKeyId === memory.accessKeyId;
  const active = listed.some((key) => key.accessKeyId === pair.accessKeyId && key.active);
  const doubtful = active && !(intact && isCurrent);
  const works = doubtful ? await tryKey(iam, pair) : undefined;
  return { kind: "ours", uid, pair, intact, works };
}

async function previousPairs(
  { memory, store, names }: ObserveContext,
): Promise<ReadonlyMap<string, KeyPair>> {
  const pairs = new Map<string, KeyPair>();
  for (const { accessKeyId, rotateTime } of memory.previousKeys) {
    // At most a handful, and only in trouble.
    // deno-lint-ignore no-await-in-loop
    const secret = await store.read(names.previous(rotateTime));
    const pair = secret.kind === "ours" ? secret.pair : undefined;
    if (pair?.accessKeyId === accessKeyId) pairs.set(accessKeyId, pair);
  }
  return pairs;
}
