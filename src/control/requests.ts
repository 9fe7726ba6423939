/**
 * What a person asks of the operator about one object, by annotation; the same for every kind.
 */
import { type CustomResource, GROUP } from "../api/common.ts";
import type { Outcome, WantedCondition } from "./outcome.ts";
import { conditionsOf } from "./status.ts";

/** While it is `"true"`, nothing is read from the cloud or written to it for the object. */
const PAUSED_ANNOTATION = `${GROUP}/paused`;
/** A changed value, by custom the time, has the object looked at at once. */
const RECONCILE_ANNOTATION = `${GROUP}/reconcile-requested-at`;

/** Longest request that the status repeats. */
const MAX_REQUEST_LENGTH = 64;
/** Only the safety net: taking the annotation away wakes the object. */
const WAIT_MS = 3_600_000;

/** True when nothing may be done for the object. */
export function isPaused({ metadata }: CustomResource): boolean {
  return metadata.annotations?.[PAUSED_ANNOTATION] === "true";
}

/** The request that a pass over the object handles. */
export function requestOf({ metadata }: CustomResource): string | undefined {
  return metadata.annotations?.[RECONCILE_ANNOTATION]?.slice(0, MAX_REQUEST_LENGTH);
}

/** Says that the object is paused; what was known about it stays as it was said. */
export function pausedOutcome(object: CustomResource): Outcome {
  const deleting = object.metadata.deletionTimestamp !== undefined;
  const message = deleting
    ? `Paused, so that its deletion waits: remove the annotation ${PAUSED_ANNOTATION} to go on`
    : `Paused: remove the annotation ${PAUSED_ANNOTATION} to go on`;
  const paused: WantedCondition = { type: "Paused", status: "True", reason: "Paused", message };
  const known = conditionsOf(object)
    .filter(({ type }) => type !== "Paused")
    .map(({ type, status, reason, message }) => ({ type, status, reason, message }));
  const first: WantedCondition = { type: "Ready", status: "Unknown", reason: "Paused", message };
  const conditions = known.length === 0 ? [first, { ...first, type: "Synced" }] : known;
  return {
    kind: "wait",
    report: { fields: {}, conditions: [...conditions, paused] },
    ms: WAIT_MS,
    on: "the annotation",
  };
}
