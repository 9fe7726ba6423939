/**
 * What an error that ended a pass means for the status of a BucketPolicy and for its next turn.
 */
import type { BucketPolicy } from "../../api/bucket_policy.ts";
import type { Outcome } from "../../control/outcome.ts";
import { PassTimeoutError } from "../../control/pass_timeout.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { rightFor } from "../../wasabi/rights.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { commonFailure } from "../failure.ts";
import { providerKeyOf } from "../reference.ts";
import type { BucketPolicyContext } from "./context.ts";
import type { BucketPolicyReason } from "./reasons.ts";
import { type Problem, reportProblem } from "./report.ts";
import { bucketKeyOf } from "./resolve.ts";

/** Throttling asks for patience, everything else for the queue's usual delay. */
const THROTTLED_MS = 2_000;
const MAX_DETAIL = 300;

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function failed(
  policy: BucketPolicy,
  error: unknown,
  context: BucketPolicyContext,
): Outcome {
  const recheckMs = driftIntervalMs(policy, context.driftIntervalMs);
  const common = commonFailure(error, {
    reportInvalid: (message) => reportProblem({ reason: "InvalidSpec", message, stalled: true }),
    recheckMs,
  });
  if (common !== undefined) return common;
  if (error instanceof ProviderError) return failedCall(policy, error, { context, recheckMs });
  const problem: Problem = error instanceof PassTimeoutError
    ? { reason: "Timeout", message: "The pass did not end in time", stalled: false }
    : {
      reason: "InternalError",
      message: "The operator failed: its log tells more",
      stalled: false,
    };
  return { kind: "retry", report: reportProblem(problem), error };
}

function failedCall(
  policy: BucketPolicy,
  error: ProviderError,
  { context, recheckMs }: { readonly context: BucketPolicyContext; readonly recheckMs: number },
): Outcome {
  if (error.aboutProvider) {
    const bucketKey = bucketKeyOf(policy);
    const bucket = bucketKey === undefined ? undefined : context.bucket(bucketKey);
    const provider = bucket === undefined ? undefined : providerKeyOf(bucket);
    if (provider !== undefined) context.suspectProvider(provider);
  }
  const stalled = !error.transient && !error.aboutProvider && error.kind !== "ServerError";
  const report = reportProblem({
    reason: reasonOf(error),
    message: messageOf(error),
    stalled,
    ...(error.operation === "PutBucketPolicy" ? { raises: "ApplyFailed" } : {}),
  });
  if (stalled) return { kind: "stuck", report, recheckMs };
  const atLeastMs = error.kind === "Throttled" ? THROTTLED_MS : 0;
  return { kind: "retry", report, error, atLeastMs };
}

function reasonOf(error: ProviderError): BucketPolicyReason {
  switch (error.kind) {
    case "AccessDenied":
      return "AccessDenied";
    case "Throttled":
      return "Throttled";
    case "ServerError":
      return "ServiceError";
    case "Unsupported":
      return "FeatureUnsupported";
    default:
      if (error.connection) return "ProviderUnreachable";
      if (error.aboutProvider) return "ProviderNotReady";
      return error.operation === "PutBucketPolicy" ? "ApplyFailed" : "RequestRefused";
  }
}

/**
 * Without request ids, and without the service's own prose, which may change with each call;
 * except for a refused policy, where nothing else says which part of it is meant.
 */
function messageOf(error: ProviderError): string {
  const answer = `the service answers ${error.code} to ${error.operation}`;
  if (error.kind === "AccessDenied") {
    return `The key of the Provider lacks a right: ${answer}; grant it ${
      rightFor(error.operation)
    }, or, for a policy that makes something public, ask the service to allow that for the account`;
  }
  if (error.connection) return error.message;
  const detail = error.code === "MalformedPolicy" && error.cause instanceof Error
    ? `: ${error.cause.message.slice(0, MAX_DETAIL)}`
    : "";
  return `Cannot bring the policy in line: ${answer}${detail}`;
}
