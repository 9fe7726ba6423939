/**
 * The one error type of the Kubernetes layer.
 */
import type { Json } from "../api/common.ts";

/** A `Status` object as the API server answers it. */
export interface KubeStatus {
  readonly kind?: string;
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
  };
}

/** What went wrong on the way to the API server, when no answer came. */
export type TransportReason = "Timeout" | "ConnectionFailed" | "InvalidAnswer";

/**
 * A request to the API server that did not succeed.
 *
 * `code` is the HTTP status, or 0 when no answer came. The reader's next action: `conflict` and
 * `invalid` on a patch mean read again; `notFound` ends the matter; everything with
 * `retryAfterMs` set may be sent again after that time; 401 means renew the token.
 */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly code: number;
  readonly reason: string;
  readonly retryAfterMs: number | undefined;
  readonly causes: readonly string[];
  /** What the server said, without the request; empty when no answer came. */
  readonly detail: string;

  constructor(
    message: string,
    options: {
      readonly code: number;
      readonly reason: string;
      readonly retryAfterMs?: number | undefined;
      readonly causes?: readonly string[];
      readonly detail?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.code = options.code;
    this.reason = options.reason;
    this.retryAfterMs = options.retryAfterMs;
    this.causes = options.causes ?? [];
    this.detail = options.detail ?? "";
  }

  /** The object does not exist. */
  get notFound(): boolean {
    return this.code === 404;
  }

  /** Another writer was first, or the object exists already. */
  get conflict(): boolean {
    return this.code === 409;
  }

  /**
   * The object as a whole is refused by its schema or rules. A JSON patch whose test failed is
   * also answered by 422, but names no cause.
   */
  get invalid(): boolean {
    return this.code === 422 && this.causes.length > 0;
  }

  /** The history that a watch or list asked for is gone. */
  get expired(): boolean {
    return this.code === 410 || this.reason === "Expired" || this.reason === "Gone";
  }
}

/** True when `error` says that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.notFound;
}

/** True when `error` says that the object changed, or exists, already. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubeError && error.conflict;
}

/**
 * Builds the error for an answer of the API server.
 *
 * @param request method and path, for the message; it never contains a body
 */
export function kubeErrorOf(
  request: string,
  answer: {
    readonly code: number;
    readonly body: Json | undefined;
    readonly retryAfter: string | null;
  },
): KubeError {
  const status = (answer.body ?? {}) as KubeStatus;
  const seconds = answer.retryAfter !== null && /^[0-9]+$/.test(answer.retryAfter)
    ? Number(answer.retryAfter)
    : status.details?.retryAfterSeconds;
  const transient = answer.code === 429 || answer.code >= 500;
  return new KubeError(
    `Cannot ${request}: ${answer.code} ${status.message ?? status.reason ?? "no message"}`,
    {
      code: answer.code,
      reason: status.reason ?? "Unknown",
      retryAfterMs: seconds !== undefined ? seconds * 1000 : transient ? 0 : undefined,
      detail: status.message,
      causes: (status.details?.causes ?? []).map((cause) => cause.reason ?? ""),
    },
  );
}

/** Builds the error for a request that got no answer. */
export function transportErrorOf(request: string, error: unknown): KubeError {
  const timedOut = error instanceof DOMException && error.name === "TimeoutError";
  const detail = error instanceof Error ? error.message : String(error);
  const reason: TransportReason = timedOut ? "Timeout" : "ConnectionFailed";
  return new KubeError(`Cannot ${request}: ${detail}`, {
    code: 0,
    reason,
    retryAfterMs: 0,
    cause: error,
  });
}
