/**
 * What an error that ended a pass means for the status of a Bucket and for its next turn.
 */
import type { Bucket } from "../../api/bucket.ts";
import type { Outcome } from "../../control/outcome.ts";
import { PassTimeoutError } from "../../control/pass_timeout.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { rightFor } from "../../wasabi/rights.ts";
import { commonFailure } from "../failure.ts";
import { jittered } from "../jitter.ts";
import { providerKeyOf } from "../reference.ts";
import type { BucketContext } from "./context.ts";
import type { BucketReason } from "./reasons.ts";
import { type Problem, reportProblem } from "./report.ts";

/** Throttling asks for patience, everything else for the queue's usual delay. */
const THROTTLED_MS = 2_000;

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function failed(bucket: Bucket, error: unknown, context: BucketContext): Outcome {
  const common = commonFailure(error, {
    reportInvalid: (message) => reportProblem({ reason: "InvalidSpec", message, stalled: true }),
    recheckMs: jittered(context.driftIntervalMs, bucket.metadata.uid),
  });
  if (common !== undefined) return common;
  if (error instanceof ProviderError) return failedCall(bucket, error, context);
  const problem: Problem = error instanceof PassTimeoutError
    ? { reason: "Timeout", message: "The pass did not end in time", stalled: false }
    : {
      reason: "InternalError",
      message: "The operator failed: its log tells more",
      stalled: false,
    };
  return { kind: "retry", report: reportProblem(problem), error };
}

function failedCall(bucket: Bucket, error: ProviderError, context: BucketContext): Outcome {
  const creating = error.operation === "CreateBucket";
  if (creating) context.observer.operation("create", "failed");
  if (error.aboutProvider) {
    const provider = providerKeyOf(bucket);
    if (provider !== undefined) context.suspectProvider(provider);
  }
  const stalled = !error.transient && !error.aboutProvider && error.kind !== "ServerError";
  const report = reportProblem({
    reason: reasonOf(error),
    message: messageOf(error),
    stalled,
    ...(creating ? { raises: "CreationFailed" } : {}),
  });
  if (stalled) {
    const recheckMs = jittered(context.driftIntervalMs, bucket.metadata.uid);
    return { kind: "stuck", report, recheckMs };
  }
  const atLeastMs = error.kind === "Throttled" ? THROTTLED_MS : 0;
  return { kind: "retry", report, error, atLeastMs };
}

function reasonOf(error: ProviderError): BucketReason {
  switch (error.kind) {
    case "AccessDenied":
      return "AccessDenied";
    case "Throttled":
      return "Throttled";
    case "ServerError":
      return "ServiceError";
    case "WrongRegion":
      return "WrongRegion";
    case "NotEmpty":
      return "BucketNotEmpty";
    default:
      if (error.connection) return "ProviderUnreachable";
      if (error.aboutProvider) return "ProviderNotReady";
      return error.operation === "CreateBucket" ? "CreationFailed" : "RequestRefused";
  }
}

/** Without request ids and without the service's own prose, which may change with each call. */
function messageOf(error: ProviderError): string {
  const answer = `the service answers ${error.code} to ${error.operation}`;
  if (error.kind === "AccessDenied") {
    return `The key of the Provider lacks a right: ${answer}; grant it ${
      rightFor(error.operation)
    } on the bucket`;
  }
  if (error.connection) return error.message;
  return `Cannot bring the bucket in line: ${answer}`;
}
