/**
 * What is remembered from pass to pass, so that no write is repeated without end; pure.
 */
import type { BucketStatus } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import { stable } from "../paths.ts";
import { fingerprint } from "../fingerprint.ts";

/** Writes of one value after which the service is believed to keep another one. */
const MAX_TRIES = 3;
/** So many corrections in so much time mean that somebody else wants it otherwise. */
const MAX_CORRECTIONS = 3;
const CORRECTIONS_MS = 3_600_000;

/** Corrections and tries so far, by setting. */
export interface Memory {
  readonly corrections: NonNullable<BucketStatus["corrections"]>;
  readonly unsettled: NonNullable<BucketStatus["unsettled"]>;
}

/** What was to be written, and what the service had. */
export interface Pair {
  readonly setting: string;
  readonly desired: Json;
  readonly observed: Json;
}

/** The memory that a status holds. */
export function memoryOf(status: BucketStatus | undefined): Memory {
  return { corrections: status?.corrections ?? [], unsettled: status?.unsettled ?? [] };
}

/** True when the service kept `observed` after enough writes of `desired`. */
export function isGivenUp(memory: Memory, pair: Pair): boolean {
  const entry = memory.unsettled.find(({ setting }) => setting === pair.setting);
  return entry !== undefined && entry.tries >= MAX_TRIES &&
    entry.fingerprint === fingerprintOf(pair);
}

/** Adds a write after which the service had `observed`; another pair begins anew. */
export function addTry(memory: Memory, pair: Pair): Memory {
  const print = fingerprintOf(pair);
  const before = memory.unsettled.find(({ setting }) => setting === pair.setting);
  const tries = before?.fingerprint === print ? before.tries + 1 : 1;
  const others = memory.unsettled.filter(({ setting }) => setting !== pair.setting);
  return {
    ...memory,
    unsettled: [...others, { setting: pair.setting, tries, fingerprint: print }],
  };
}

/** Forgets the tries of settings that are as they should be. */
export function forgetTries(memory: Memory, settled: (setting: string) => boolean): Memory {
  return { ...memory, unsettled: memory.unsettled.filter(({ setting }) => !settled(setting)) };
}

/** True when the setting was corrected so often that it must rest. */
export function isContested(
  memory: Memory,
  setting: string,
  { nowMs }: { nowMs: number },
): boolean {
  const times = memory.corrections.find((entry) => entry.setting === setting)?.times ?? [];
  return times.filter((time) => Date.parse(time) > nowMs - CORRECTIONS_MS).length >=
    MAX_CORRECTIONS;
}

/** Adds a correction of each setting; only the newest count. */
export function addCorrections(
  memory: Memory,
  settings: readonly string[],
  { nowMs }: { readonly nowMs: number },
): Memory {
  const now = new Date(nowMs).toISOString();
  const corrected = settings.map((setting) => {
    const before = memory.corrections.find((entry) => entry.setting === setting)?.times ?? [];
    return { setting, times: [...before, now].slice(-MAX_CORRECTIONS) };
  });
  const others = memory.corrections.filter(({ setting }) => !settings.includes(setting));
  return { ...memory, corrections: [...others, ...corrected] };
}

function fingerprintOf(pair: Pair): string {
  return fingerprint(`${stable(pair.desired)} ${stable(pair.observed)}`);
}
