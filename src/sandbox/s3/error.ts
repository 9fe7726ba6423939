/**
 * What the S3 service says when it refuses.
 *
 * Codes and statuses as in https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
 * and as Wasabi documents them where it differs (docs:rest-api-introduction).
 */
import { ServiceError } from "./service_error.ts";

const ERRORS = {
  AccessDenied: [403, "Access Denied"],
  AuthorizationHeaderMalformed: [400, "The authorization header that you provided is not valid"],
  AuthorizationQueryParametersError: [400, "The authorization query parameters are not valid"],
  BadDigest: [400, "The checksum or Content-MD5 you specified did not match what we received"],
  BucketAlreadyExists: [409, "The requested bucket name is not available"],
  BucketAlreadyOwnedByYou: [409, "Your previous request to create the named bucket succeeded"],
  BucketNotEmpty: [409, "The bucket you tried to delete is not empty"],
  EntityTooLarge: [400, "Your proposed upload exceeds the maximum allowed size"],
  EntityTooSmall: [400, "Your proposed upload is smaller than the minimum allowed size"],
  IllegalLocationConstraintException: [
    400,
    "The location constraint is incompatible for the region specific endpoint",
  ],
  IllegalVersioningConfigurationException: [400, "The versioning configuration is not valid"],
  InternalError: [500, "We encountered an internal error"],
  InvalidAccessKeyId: [403, "The access key ID you provided does not exist in our records"],
  InvalidArgument: [400, "Invalid Argument"],
  InvalidBucketName: [400, "The specified bucket is not valid"],
  InvalidBucketState: [409, "The request is not valid for the current state of the bucket"],
  InvalidDigest: [400, "The Content-MD5 you specified is not valid"],
  InvalidLocationConstraint: [400, "The specified location-constraint is not valid"],
  InvalidPart: [400, "One or more of the specified parts could not be found"],
  InvalidPartOrder: [400, "The list of parts was not in ascending order"],
  InvalidRequest: [400, "Invalid Request"],
  InvalidRetentionPeriod: [400, "Default retention period must be a positive integer value"],
  InvalidTag: [400, "The tag provided was not a valid tag"],
  InvalidTargetBucketForLogging: [400, "The target bucket for logging does not exist"],
  InvalidToken: [400, "The provided token is malformed or otherwise invalid"],
  KeyTooLongError: [400, "Your key is too long"],
  MalformedPolicy: [400, "Policies must be valid JSON and the first byte must be '{'"],
  MalformedXML: [400, "The XML you provided was not well-formed or did not validate"],
  MethodNotAllowed: [405, "The specified method is not allowed against this resource"],
  NoSuchBucket: [404, "The specified bucket does not exist"],
  NoSuchBucketPolicy: [404, "The bucket policy does not exist"],
  NoSuchCORSConfiguration: [404, "The CORS configuration does not exist"],
  NoSuchKey: [404, "The specified key does not exist"],
  NoSuchLifecycleConfiguration: [404, "The lifecycle configuration does not exist"],
  NoSuchPublicAccessBlockConfiguration: [404, "The public access block was not found"],
  NoSuchTagSet: [404, "The TagSet does not exist"],
  NoSuchUpload: [404, "The specified upload does not exist"],
  NoSuchVersion: [404, "The specified version does not exist"],
  NotImplemented: [501, "A header or parameter you provided implies functionality not implemented"],
  ObjectLockConfigurationNotFoundError: [
    404,
    "Object Lock configuration does not exist for this bucket",
  ],
  OwnershipControlsNotFoundError: [404, "The bucket ownership controls were not found"],
  PermanentRedirect: [
    301,
    "The bucket you are attempting to access must be addressed using the specified endpoint",
  ],
  ReplicationConfigurationNotFoundError: [404, "The replication configuration was not found"],
  RequestTimeTooSkewed: [403, "The difference between the request time and the time is too large"],
  ServerSideEncryptionConfigurationNotFoundError: [
    404,
    "The server side encryption configuration was not found",
  ],
  ServiceUnavailable: [503, "Service is unable to handle request"],
  SignatureDoesNotMatch: [
    403,
    "The request signature we calculated does not match the signature you provided",
  ],
  TooManyBuckets: [400, "You have attempted to create more buckets than allowed"],
  XAmzContentSHA256Mismatch: [
    400,
    "The provided x-amz-content-sha256 header does not match what was computed",
  ],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** Code of an answer that refuses. */
export type S3ErrorCode = keyof typeof ERRORS;

/** Details of an {@link S3Error}. */
export interface S3ErrorDetails {
  /** Replaces the message that belongs to the code. */
  readonly message?: string;
  /** Further elements of the error document, such as Region or Endpoint. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A refusal of the S3 service. */
export class S3Error extends ServiceError {
  constructor(code: S3ErrorCode, details: S3ErrorDetails = {}) {
    const [status, message] = ERRORS[code];
    super({
      code,
      status,
      message: details.message ?? message,
      fields: details.fields ?? {},
      headers: details.headers ?? {},
    });
    this.name = "S3Error";
  }
}
