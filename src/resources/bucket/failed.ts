/**
 * What an error that ended a pass means for the status of a Bucket and for its next turn.
 */
import type { Bucket } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import type { Outcome } from "../../control/outcome.ts";
import { PassTimeoutError } from "../../control/pass_timeout.ts";
import { ProviderError, STRANGE_ANSWER } from "../../wasabi/error.ts";
import { rightFor } from "../../wasabi/rights.ts";
import { commonFailure } from "../failure.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { providerKeyOf } from "../reference.ts";
import type { BucketContext } from "./context.ts";
import type { Refusal } from "./plan.ts";
import type { BucketReason } from "./reasons.ts";
import { type Problem, reportProblem } from "./report.ts";
import type { Resolved } from "./resolve.ts";

/** Only the safety net: the change of what is waited for wakes the Bucket. */
const WAIT_MS = 300_000;
/** Throttling asks for patience, everything else for the queue's usual delay. */
const THROTTLED_MS = 2_000;

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function failed(bucket: Bucket, error: unknown, context: BucketContext): Outcome {
  const common = commonFailure(error, {
    reportInvalid: (message) => reportProblem({ reason: "InvalidSpec", message, stalled: true }),
    recheckMs: driftIntervalMs(bucket, context.driftIntervalMs),
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
  // What is no answer of the service at all may be one the next time.
  const passes = error.transient || error.aboutProvider || error.code === STRANGE_ANSWER;
  const stalled = !passes && error.kind !== "ServerError";
  const report = reportProblem({
    reason: reasonOf(error),
    message: messageOf(error),
    stalled,
    ...(creating ? { raises: "CreationFailed" } : {}),
  });
  if (stalled) {
    const recheckMs = driftIntervalMs(bucket, context.driftIntervalMs);
    return { kind: "stuck", report, recheckMs };
  }
  const atLeastMs = error.kind === "Throttled" ? THROTTLED_MS : 0;
  return { kind: "retry", report, error, atLeastMs };
}

/** What stands in the way of a pass, other than an error. */
export function blocked(bucket: Bucket, problem: Extract<Resolved, { kind: "blocked" }>): Outcome {
  const { reason, message, on } = problem;
  // A Provider whose spec was edited is tried again at once: no reason to write 1,000 times that
  // its Buckets wait for that, and then 1,000 times that they do no longer.
  const known = bucket.status?.conditions !== undefined;
  if (reason === "Pending" && known) return { kind: "wait", ms: WAIT_MS, on };
  const report = reportProblem({
    reason,
    message,
    stalled: problem.blames === "bucket" || reason === "ReferenceNotAllowed",
    ...(problem.blames === "provider" && reason !== "Pending"
      ? { raises: "ProviderNotReady" }
      : {}),
  });
  return { kind: "wait", report, ms: WAIT_MS, on };
}

/** A bucket that may not be touched, or is not there and not to be made. */
export function refused(bucket: Bucket, problem: Refusal, context: BucketContext): Outcome {
  const { reason, message } = problem;
  const report = reportProblem({
    reason,
    message,
    stalled: true,
    ...(reason === "BucketNameTaken" ? { raises: "CreationFailed" } : {}),
    found: foundBy(bucket, reason),
  });
  return { kind: "stuck", report, recheckMs: driftIntervalMs(bucket, context.driftIntervalMs) };
}

function foundBy(bucket: Bucket, reason: BucketReason): { readonly [field: string]: Json } {
  // An intention that met somebody else's bucket gives no right to it later.
  if (reason === "BucketNameTaken" || reason === "AdoptionRefused") return { ownership: null };
  // Of a bucket of the predecessor, `exists` alone said that it was there.
  if (reason === "BucketLost") {
    return { exists: false, ownership: bucket.status?.ownership ?? "Adopted" };
  }
  return {};
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
