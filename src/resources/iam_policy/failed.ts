/**
 * What an error that ended a pass means for the status of an IAMPolicy and for its next turn.
 */
import type { IAMPolicy } from "../../api/iam_policy.ts";
import type { Outcome } from "../../control/outcome.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { identityFailure } from "../identity_failure.ts";
import { providerKeyOf } from "../reference.ts";
import type { IAMPolicyContext } from "./context.ts";
import { reportProblem } from "./report.ts";

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function failed(policy: IAMPolicy, error: unknown, context: IAMPolicyContext): Outcome {
  return identityFailure(error, {
    what: "the managed policy",
    creation: "CreatePolicy",
    provider: providerKeyOf(policy),
    suspectProvider: context.suspectProvider,
    recheckMs: driftIntervalMs(policy, context.driftIntervalMs),
    report: ({ raises, ...problem }) =>
      reportProblem(raises === undefined ? problem : { ...problem, raises: "AttachFailed" }),
  });
}
