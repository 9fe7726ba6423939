/**
 * Differences as a status, a condition and an Event show them: few, and short.
 */
import { MAX_DIFFERENCES, MAX_SHOWN } from "../../api/bucket_memory.ts";
import type { BucketStatus } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import { sameJson } from "../../control/json.ts";
import { showPath, stable } from "../paths.ts";
import type { Decision, Finding } from "./findings.ts";

/** Differences that one sentence names. */
const MAX_NAMED = 3;
const MAX_NAMED_LENGTH = 80;

type Drift = NonNullable<BucketStatus["drift"]>;
type Shown = Drift["differences"][number];

const ACTIONS: Readonly<Record<Decision, Shown["action"]>> = {
  Write: "Corrected",
  Detect: "Detected",
  HoldBack: "HeldBack",
  Contest: "Contested",
  GiveUp: "NotAccepted",
};

/** A few differences in words: where, what the spec says and what the service has. */
export function describeFindings(findings: readonly Finding[]): string {
  const all = findings.flatMap((finding) => finding.differences);
  const named = all.slice(0, MAX_NAMED).map(({ path, desired, observed }) =>
    `spec.${showPath(path)} is ${shown(observed, MAX_NAMED_LENGTH)} instead of ${
      shown(desired, MAX_NAMED_LENGTH)
    }`
  );
  const more = all.length > MAX_NAMED ? ` and ${all.length - MAX_NAMED} more` : "";
  return `${named.join(", ")}${more}`;
}

/**
 * `status.drift` for what was found in this pass; the time of what was there before stays.
 *
 * @returns null when nothing is to be shown
 */
export function driftOf(
  findings: readonly Finding[],
  before: Drift | undefined,
  { nowMs }: { readonly nowMs: number },
): Drift | null {
  const differences = findings
    .flatMap(({ differences, decision }) =>
      differences.map(({ path, desired, observed }): Shown => ({
        path: `spec.${showPath(path)}`,
        ...(desired === undefined ? {} : { desired: shown(desired, MAX_SHOWN) }),
        ...(observed === undefined ? {} : { observed: shown(observed, MAX_SHOWN) }),
        action: ACTIONS[decision],
      }))
    )
    .slice(0, MAX_DIFFERENCES);
  if (differences.length === 0) return null;
  const known = before !== undefined && sameJson(before.differences, differences);
  return { detectedAt: known ? before.detectedAt : new Date(nowMs).toISOString(), differences };
}

function shown(value: Json | undefined, limit: number): string {
  const text = value === undefined ? "absent" : stable(value);
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
