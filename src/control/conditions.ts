/**
 * Conditions as pure functions: merge, compare, look up.
 */
import type { Condition } from "../api/common.ts";
import type { WantedCondition } from "./outcome.ts";

/**
 * Turns wanted conditions into stored ones. `lastTransitionTime` changes only with `status`
 * (api-conventions), so a new message or reason keeps it.
 */
export function mergeConditions(
  stored: readonly Condition[],
  wanted: readonly WantedCondition[],
  moment: { readonly nowMs: number; readonly generation: number },
): readonly Condition[] {
  return wanted.map((condition) => {
    const before = findCondition(stored, condition.type);
    const kept = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return {
      ...condition,
      lastTransitionTime: kept ?? new Date(moment.nowMs).toISOString(),
      observedGeneration: moment.generation,
    };
  });
}

/** The condition of a type. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** True when both say the same about the object; times do not count. */
export function sameCondition(left: Condition | undefined, right: Condition): boolean {
  return left !== undefined && left.status === right.status && left.reason === right.reason &&
    left.message === right.message && left.observedGeneration === right.observedGeneration;
}
