/**
 * The one error type of the provider layer, mapped once at the border.
 */
import type { S3ServiceException } from "@aws-sdk/client-s3";

/** What an error means to the operator. */
export type ProviderErrorKind =
  /** The key id is unknown or no longer valid. */
  | "WrongKey"
  /** The key id is known, the signature does not fit. */
  | "WrongSecret"
  | "WrongToken"
  | "ClockSkew"
  /** Too many wrong credentials; Wasabi closes the door for five minutes. */
  | "Lockout"
  /** Unpaid, suspended or not activated; a person must act. */
  | "AccountProblem"
  | "AccessDenied"
  | "NotFound"
  | "WrongRegion"
  /** The name belongs to another customer. */
  | "NameTaken"
  | "OwnedByYou"
  /** A user, policy or version of that name exists. */
  | "AlreadyExists"
  /** A number that the service allows is reached, such as two keys of a user. */
  | "LimitExceeded"
  /** Something still hangs on what should be deleted. */
  | "DeleteConflict"
  | "NotEmpty"
  | "Unsupported"
  | "Throttled"
  | "Invalid"
  | "ServerError"
  | "DnsFailure"
  | "ConnectionRefused"
  | "TlsFailure"
  | "Timeout"
  | "ConnectionLost";

const KINDS_BY_CODE: Readonly<Record<string, ProviderErrorKind>> = {
  InvalidAccessKeyId: "WrongKey",
  SignatureDoesNotMatch: "WrongSecret",
  InvalidToken: "WrongToken",
  ExpiredToken: "WrongToken",
  RequestTimeTooSkewed: "ClockSkew",
  AuthenticationLockout: "Lockout",
  AccountProblem: "AccountProblem",
  AccountNotActivated: "AccountProblem",
  AccessDenied: "AccessDenied",
  AllAccessDisabled: "AccessDenied",
  AccessForbidden: "AccessDenied",
  NoSuchBucket: "NotFound",
  NotFound: "NotFound",
  NoSuchTagSet: "NotFound",
  NoSuchUpload: "NotFound",
  PermanentRedirect: "WrongRegion",
  TemporaryRedirect: "WrongRegion",
  AuthorizationHeaderMalformed: "WrongRegion",
  IllegalLocationConstraintException: "WrongRegion",
  InvalidLocationConstraint: "WrongRegion",
  BucketAlreadyExists: "NameTaken",
  BucketAlreadyOwnedByYou: "OwnedByYou",
  BucketNotEmpty: "NotEmpty",
  // IAM, in the form without "Exception" (wasabi §4.5).
  InvalidClientTokenId: "WrongKey",
  NoSuchEntity: "NotFound",
  EntityAlreadyExists: "AlreadyExists",
  LimitExceeded: "LimitExceeded",
  DeleteConflict: "DeleteConflict",
  EntityTemporarilyUnmodifiable: "ServerError",
  ConcurrentModification: "ServerError",
  ServiceFailure: "ServerError",
  InvalidAction: "Unsupported",
  NotImplemented: "Unsupported",
  MethodNotAllowed: "Unsupported",
  RequestRateLimitExceeded: "Throttled",
  SlowDown: "Throttled",
  Throttling: "Throttled",
  ThrottlingException: "Throttled",
  RequestLimitExceeded: "Throttled",
  TooManyRequests: "Throttled",
};

const KINDS_BY_STATUS: Readonly<Record<number, ProviderErrorKind>> = {
  301: "WrongRegion",
  307: "WrongRegion",
  403: "AccessDenied",
  404: "NotFound",
  405: "Unsupported",
  429: "Throttled",
  501: "Unsupported",
};

const TRANSIENT: ReadonlySet<ProviderErrorKind> = new Set([
  "Throttled",
  "ServerError",
  "Timeout",
  "ConnectionLost",
  "ConnectionRefused",
  "DnsFailure",
]);

const CONNECTION: ReadonlySet<ProviderErrorKind> = new Set([
  "Timeout",
  "ConnectionLost",
  "ConnectionRefused",
  "DnsFailure",
  "TlsFailure",
]);

const CREDENTIALS: ReadonlySet<ProviderErrorKind> = new Set([
  "WrongKey",
  "WrongSecret",
  "WrongToken",
  "ClockSkew",
  "Lockout",
  "AccountProblem",
]);

/**
 * A call to the storage service that did not succeed.
 *
 * The reader's next action follows from `kind`; `transient` ones may be sent again, those with
 * `aboutProvider` concern every object of the Provider and not the one at hand.
 */
export class ProviderError extends Error {
  override readonly name = "ProviderError";
  readonly kind: ProviderErrorKind;
  readonly operation: string;
  /** Code of the service, or of the runtime when no answer came. */
  readonly code: string;
  readonly httpStatus: number;
  readonly requestId: string | undefined;
  /** Region that the service named, for `WrongRegion`. */
  readonly region: string | undefined;

  constructor(
    message: string,
    facts: {
      readonly kind: ProviderErrorKind;
      readonly operation: string;
      readonly code: string;
      readonly httpStatus: number;
      readonly requestId?: string | undefined;
      readonly region?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: facts.cause });
    this.kind = facts.kind;
    this.operation = facts.operation;
    this.code = facts.code;
    this.httpStatus = facts.httpStatus;
    this.requestId = facts.requestId;
    this.region = facts.region;
  }

  /** The same call may succeed a moment later. */
  get transient(): boolean {
    return TRANSIENT.has(this.kind);
  }

  /** No answer came. */
  get connection(): boolean {
    return CONNECTION.has(this.kind);
  }

  /** It concerns the key, the account or the connection, so every object of the Provider. */
  get aboutProvider(): boolean {
    return CREDENTIALS.has(this.kind) || CONNECTION.has(this.kind);
  }
}

/** The call that failed. */
interface Call {
  readonly operation: string;
  readonly host: string;
  /** @default {"s3"} */
  readonly api?: "s3" | "iam";
}

/** Maps whatever an SDK call threw. An abort by the caller's own signal is passed on as it is. */
export function providerErrorOf(
  error: unknown,
  call: Call,
): unknown {
  const { operation, host } = call;
  if (error instanceof ProviderError) return error;
  if (!(error instanceof Error)) return error;
  if (isServiceException(error)) return serviceError(error, call);
  if (error.name === "AbortError") return error;
  const status = (error as Partial<S3ServiceException>).$metadata?.httpStatusCode;
  if (status !== undefined) return strangeAnswer(operation, { ...call, httpStatus: status });
  const kind = transportKind(error);
  return new ProviderError(`Cannot reach ${host} for ${operation}: ${describeTransport(kind)}`, {
    kind,
    operation,
    code: (error as { code?: string }).code ?? error.name,
    httpStatus: 0,
    cause: error,
  });
}

/**
 * An answer that is not the API's: a proxy on the way, or an endpoint that is something else. Its
 * status proves nothing, so that 403 is no refusal of the service and 404 no absence.
 */
export function strangeAnswer(
  operation: string,
  answer: Omit<Call, "operation"> & { readonly httpStatus: number },
): ProviderError {
  const { host, httpStatus, api = "s3" } = answer;
  const kind = httpStatus === 429 ? "Throttled" : httpStatus >= 500 ? "ServerError" : "Invalid";
  return new ProviderError(
    `Cannot ${operation}: ${host} answers ${httpStatus} with something else than ${api.toUpperCase()}`,
    { kind, operation, code: STRANGE_ANSWER, httpStatus },
  );
}

/** Statuses that say enough without a code; none of them grants anything. */
const CLEAR_STATUSES: ReadonlySet<number> = new Set([301, 307, 405, 501]);
/** Code of an error whose answer has no form of the API: a proxy, a web server. */
export const STRANGE_ANSWER = "NotAnS3Answer";

/**
 * True for an error that a service answered, of either SDK: S3's and IAM's have a class of their
 * own, and importing IAM's would load its SDK.
 */
function isServiceException(error: Error): error is S3ServiceException {
  return "$fault" in error && "$metadata" in error;
}

function serviceError(error: S3ServiceException, call: Call): ProviderError {
  const { operation } = call;
  const httpStatus = error.$metadata.httpStatusCode ?? 0;
  const fields = error as { readonly Region?: string; readonly Code?: string };
  const mute = operation.startsWith("Head") || CLEAR_STATUSES.has(httpStatus);
  if (fields.Code === undefined && !mute) return strangeAnswer(operation, { ...call, httpStatus });
  const headers = error.$response?.headers as Readonly<Record<string, string>> | undefined;
  // HEAD answers have no body, and the SDK then makes a name up from the status.
  const code = fields.Code ?? error.name;
  // IAM's codes occur with and without the ending (wasabi §4.5).
  const kind = KINDS_BY_CODE[code] ?? KINDS_BY_CODE[code.replace(/Exception$/, "")] ??
    KINDS_BY_STATUS[httpStatus] ??
    (httpStatus >= 500 ? "ServerError" : "Invalid");
  return new ProviderError(`Cannot ${operation}: ${code} (${httpStatus}) ${error.message}`.trim(), {
    kind,
    operation,
    code,
    httpStatus,
    requestId: error.$metadata.requestId,
    region: fields.Region ?? headers?.["x-amz-bucket-region"],
    cause: error,
  });
}

function transportKind(error: Error): ProviderErrorKind {
  // The SDK names a reset connection TimeoutError, so the name counts only where no code is.
  const code = (error as { code?: string }).code ?? error.name;
  const text = `${code} ${error.message}`.toLowerCase();
  if (/enotfound|eai_again|getaddrinfo|dns|failed to lookup/.test(text)) return "DnsFailure";
  if (/econnrefused|connection refused/.test(text)) return "ConnectionRefused";
  if (/timeout|timedout|timed out/.test(text)) return "Timeout";
  if (/cert|tls|ssl|self.signed|unable_to_verify|handshake/.test(text)) return "TlsFailure";
  return "ConnectionLost";
}

function describeTransport(kind: ProviderErrorKind): string {
  switch (kind) {
    case "DnsFailure":
      return "the host name does not resolve";
    case "ConnectionRefused":
      return "the connection was refused";
    case "Timeout":
      return "no answer came in time";
    case "TlsFailure":
      return "the TLS handshake failed or the certificate is not trusted";
    default:
      return "the connection was lost";
  }
}
