/**
 * Errors that mean the same for every kind.
 */
import { LostLeadershipError } from "../control/leader/fence.ts";
import type { Outcome, StatusReport } from "../control/outcome.ts";
import { KubeError } from "../kube/error.ts";
import { BudgetExhaustedError } from "../wasabi/budget.ts";
import { InvalidSpecError } from "./spec.ts";

/** How a kind reports a spec that cannot be used. */
export interface FailureContext {
  readonly reportInvalid: (message: string) => StatusReport;
  readonly recheckMs: number;
}

/** The outcome for an error that no kind needs to look at; undefined for all others. */
export function commonFailure(error: unknown, context: FailureContext): Outcome | undefined {
  if (error instanceof BudgetExhaustedError) {
    return { kind: "wait", ms: error.waitMs, on: "request budget" };
  }
  if (error instanceof InvalidSpecError) {
    const { recheckMs } = context;
    return { kind: "stuck", report: context.reportInvalid(error.message), recheckMs };
  }
  if (error instanceof KubeError && error.invalid) {
    // The stored spec breaks a rule that is newer than the object, so that even its metadata
    // cannot be changed. The rules for new values end once a status is written: try again then.
    const report = context.reportInvalid(`Change what the API server refuses: ${error.detail}`);
    return { kind: "retry", report, error };
  }
  const ended = isAborted(error) || error instanceof LostLeadershipError;
  if (error instanceof KubeError || ended) return { kind: "retry", error };
  return undefined;
}

/** True when a call was given up because the operator stops. */
function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
