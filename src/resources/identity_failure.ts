/**
 * What an error of IAM means for the objects that live there.
 */
import type { ObjectKey } from "../api/key.ts";
import type { Outcome, StatusReport } from "../control/outcome.ts";
import { PassTimeoutError } from "../control/pass_timeout.ts";
import { ProviderError } from "../wasabi/error.ts";
import { iamRightFor } from "../wasabi/rights.ts";
import { commonFailure } from "./failure.ts";

/** Reasons that a failed pass can have; kinds have them among theirs. */
export type IdentityFailureReason =
  | "AccessDenied"
  | "CreationFailed"
  | "InternalError"
  | "InvalidSpec"
  | "ProviderNotReady"
  | "ProviderUnreachable"
  | "RequestRefused"
  | "ServiceError"
  | "Throttled"
  | "Timeout";

/** A failure as a kind reports it. */
export interface IdentityProblem {
  readonly reason: IdentityFailureReason;
  readonly message: string;
  readonly raises?: "CreationFailed";
  readonly stalled: boolean;
}

/** What the kind says about itself. */
export interface IdentityFailureContext {
  /** For messages, such as "the IAM user". */
  readonly what: string;
  /** Operation that makes it. */
  readonly creation: string;
  readonly provider: ObjectKey | undefined;
  readonly suspectProvider: (provider: ObjectKey) => void;
  readonly recheckMs: number;
  readonly report: (problem: IdentityProblem) => StatusReport;
}

/** Throttling asks for patience, everything else for the queue's usual delay. */
const THROTTLED_MS = 2_000;

/** Turns an error into an outcome, and asks for a new try of the Provider when it is to blame. */
export function identityFailure(error: unknown, context: IdentityFailureContext): Outcome {
  const { report, recheckMs } = context;
  const common = commonFailure(error, {
    reportInvalid: (message) => report({ reason: "InvalidSpec", message, stalled: true }),
    recheckMs,
  });
  if (common !== undefined) return common;
  if (error instanceof ProviderError) return failedCall(error, context);
  const problem: IdentityProblem = error instanceof PassTimeoutError
    ? { reason: "Timeout", message: "The pass did not end in time", stalled: false }
    : {
      reason: "InternalError",
      message: "The operator failed: its log tells more",
      stalled: false,
    };
  return { kind: "retry", report: report(problem), error };
}

function failedCall(error: ProviderError, context: IdentityFailureContext): Outcome {
  if (error.aboutProvider && context.provider !== undefined) {
    context.suspectProvider(context.provider);
  }
  const stalled = !error.transient && !error.aboutProvider;
  const report = context.report({
    reason: reasonOf(error, context),
    message: messageOf(error, context),
    stalled,
    ...(error.operation === context.creation ? { raises: "CreationFailed" } : {}),
  });
  if (stalled) return { kind: "stuck", report, recheckMs: context.recheckMs };
  const atLeastMs = error.kind === "Throttled" ? THROTTLED_MS : 0;
  return { kind: "retry", report, error, atLeastMs };
}

function reasonOf(
  error: ProviderError,
  { creation }: IdentityFailureContext,
): IdentityFailureReason {
  switch (error.kind) {
    case "AccessDenied":
      return "AccessDenied";
    case "Throttled":
      return "Throttled";
    case "ServerError":
      return "ServiceError";
    default:
      if (error.connection) return "ProviderUnreachable";
      if (error.aboutProvider) return "ProviderNotReady";
      return error.operation === creation ? "CreationFailed" : "RequestRefused";
  }
}

/** Without request ids and without the service's own prose, which may change with each call. */
function messageOf(error: ProviderError, { what }: IdentityFailureContext): string {
  const answer = `the service answers ${error.code} to ${error.operation}`;
  if (error.kind === "AccessDenied") {
    return `The key of the Provider lacks a right: ${answer}; grant it ${
      iamRightFor(error.operation)
    }`;
  }
  if (error.connection) return error.message;
  return `Cannot bring ${what} in line: ${answer}`;
}
