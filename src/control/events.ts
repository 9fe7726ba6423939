/**
 * Events that follow from changed conditions: one per transition, none per pass.
 */
import type { Condition } from "../api/common.ts";
import { findCondition } from "./conditions.ts";
import type { Notice } from "./outcome.ts";

/**
 * Events for the change of `Ready`: of its status, or of the reason for not being ready.
 * `Unknown` is no news yet.
 */
export function transitionEvents(
  before: readonly Condition[],
  after: readonly Condition[],
): readonly Notice[] {
  const was = findCondition(before, "Ready");
  const is = findCondition(after, "Ready");
  if (is === undefined || is.status === "Unknown") return [];
  if (was?.status === is.status && (is.status === "True" || was.reason === is.reason)) return [];
  const type = is.status === "False" ? "Warning" : "Normal";
  return [{ type, reason: is.reason, note: is.message }];
}
