/**
 * What IAM and STS say when they refuse.
 *
 * Codes and statuses: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
 * the pages of the actions; wasabi.md §4.5.
 */
import { ServiceError } from "../s3/service_error.ts";

const STATUSES = {
  AccessDenied: 403,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  IncompleteSignature: 400,
  InvalidAction: 400,
  InvalidClientTokenId: 403,
  InvalidInput: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  MissingAuthenticationToken: 403,
  NoSuchEntity: 404,
  NotImplemented: 501,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  ValidationError: 400,
} as const;

/** Code of an answer that refuses. */
export type IamErrorCode = keyof typeof STATUSES;

/** A refusal of IAM or STS. */
export class IamError extends ServiceError {
  constructor(code: IamErrorCode, message: string) {
    super({ code, status: STATUSES[code], message, fields: {}, headers: {} });
    this.name = "IamError";
  }
}

/** What IAM calls the failures of a signature, which the two services name differently. */
const SIGNATURE_CODES: ReadonlyMap<string, IamErrorCode> = new Map([
  ["AccessDenied", "MissingAuthenticationToken"],
  ["AuthorizationHeaderMalformed", "IncompleteSignature"],
  ["InvalidAccessKeyId", "InvalidClientTokenId"],
  ["InvalidToken", "InvalidClientTokenId"],
  ["RequestTimeTooSkewed", "RequestTimeTooSkewed"],
]);

/** The refusal of a signature in IAM's words; other errors stay as they are. */
export function signatureError(error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  // Signed for another region, or for another service.
  const isOtherScope = error.fields["Region"] !== undefined ||
    error.message.includes("correct service");
  const code = isOtherScope ? undefined : SIGNATURE_CODES.get(error.code);
  return new IamError(code ?? "SignatureDoesNotMatch", error.message);
}
