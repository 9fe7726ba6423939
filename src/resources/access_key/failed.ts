/**
 * What an error that ended a pass means for the status of an AccessKey and for its next turn.
 */
import type { AccessKey } from "../../api/access_key.ts";
import type { Outcome } from "../../control/outcome.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { identityFailure } from "../identity_failure.ts";
import { providerKeyOf } from "../reference.ts";
import type { AccessKeyContext } from "./context.ts";
import { reportProblem } from "./report.ts";

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function failed(key: AccessKey, error: unknown, context: AccessKeyContext): Outcome {
  const rotates = key.status?.accessKeyId !== undefined;
  return identityFailure(error, {
    what: "the access key",
    creation: "CreateAccessKey",
    provider: providerKeyOf(key),
    suspectProvider: context.suspectProvider,
    recheckMs: driftIntervalMs(key, context.driftIntervalMs),
    report: ({ raises, ...problem }) => {
      if (raises === undefined) return reportProblem(problem);
      return reportProblem({ ...problem, raises: rotates ? "RotationFailed" : raises });
    },
  });
}
