/**
 * How often an object is compared with the cloud.
 */
import { type CustomResource, GROUP } from "../api/common.ts";
import { jittered } from "./jitter.ts";

/** Names the interval on any object, such as `30s`, `10m` or `2h`. */
const DRIFT_INTERVAL_ANNOTATION = `${GROUP}/drift-interval`;

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const SHORTEST_MS = 30_000;
const LONGEST_MS = 24 * 3_600_000;

/**
 * Time until the next comparison of an object: its annotation, else `fallbackMs`; spread by the
 * object's uid. The annotation is kept between 30 s and 24 h; one that is no duration is ignored.
 */
export function driftIntervalMs(object: CustomResource, fallbackMs: number): number {
  const text = object.metadata.annotations?.[DRIFT_INTERVAL_ANNOTATION];
  const wantedMs = text === undefined ? fallbackMs : boundedMs(text) ?? fallbackMs;
  return jittered(wantedMs, object.metadata.uid);
}

/** Milliseconds of a duration such as `90s` or `1h30m`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d{1,6}[smh])+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+)([smh])/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNIT_MS[unit!]!, 0);
}

function boundedMs(text: string): number | undefined {
  const ms = parseDuration(text);
  return ms === undefined ? undefined : Math.min(Math.max(ms, SHORTEST_MS), LONGEST_MS);
}
