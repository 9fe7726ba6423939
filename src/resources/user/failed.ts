/**
 * What an error that ended a pass means for the status of a User and for its next turn.
 */
import type { User } from "../../api/user.ts";
import type { Outcome } from "../../control/outcome.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { identityFailure } from "../identity_failure.ts";
import { providerKeyOf } from "../reference.ts";
import type { UserContext } from "./context.ts";
import { reportProblem } from "./report.ts";

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function failed(user: User, error: unknown, context: UserContext): Outcome {
  return identityFailure(error, {
    what: "the IAM user",
    creation: "CreateUser",
    provider: providerKeyOf(user),
    suspectProvider: context.suspectProvider,
    recheckMs: driftIntervalMs(user, context.driftIntervalMs),
    report: reportProblem,
  });
}
