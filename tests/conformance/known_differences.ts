/**
 * Where third-party services are known to differ from what the cases claim, and why.
 *
 * The cases claim what AWS or Wasabi document. A case that is listed here has to fail on that
 * service: one that passes is to be taken off.
 */

/** One case that a service does not pass. */
export interface KnownDifference {
  readonly claim: string;
  readonly reason: string;
}

function differs(reason: string, ...claims: readonly string[]): readonly KnownDifference[] {
  return claims.map((claim) => ({ claim, reason }));
}

/** moto, whether it checks signatures or not. */
const everyMoto: readonly KnownDifference[] = [
  ...differs(
    "moto answers signatures for any region",
    "a signature for another region is AuthorizationHeaderMalformed",
  ),
  ...differs(
    "moto does not look at the time of a request",
    "a clock that is an hour ahead is RequestTimeTooSkewed",
  ),
  ...differs(
    "moto's 403 has no body",
    "a request without a signature is AccessDenied",
    "a Deny of the bucket policy goes before what the user's policy allows",
  ),
  ...differs(
    "moto gives no token for the next page",
    "a listing of buckets can be asked for one at a time",
  ),
  ...differs(
    "moto does as AWS did in us-east-1 once: a second creation succeeds",
    "a bucket that one has already is BucketAlreadyOwnedByYou",
  ),
  ...differs(
    "moto takes more names than AWS",
    "a name that is too short or has capitals is InvalidBucketName",
    "a name that begins with a hyphen or has empty labels is InvalidBucketName",
  ),
  ...differs(
    "moto serves all regions at one address",
    "a constraint for another region than the endpoint's is refused with 400",
  ),
  ...differs(
    "moto counts objects only",
    "a bucket with nothing but a delete marker is BucketNotEmpty",
    "a bucket with nothing but an unfinished upload is BucketNotEmpty",
  ),
  ...differs("moto stores any text", "a bucket policy that is no JSON is MalformedPolicy"),
  ...differs(
    "moto adds a retention of 0 years to the days",
    "a bucket with object lock takes a default retention",
  ),
  ...differs(
    "moto does not tie versioning to object lock",
    "versioning of a bucket with object lock cannot be suspended",
  ),
  ...differs(
    "moto has them, as AWS does",
    "encryption and public access blocks are MethodNotAllowed, as on Wasabi",
  ),
  ...differs(
    "moto wants a grant for the group of log delivery, as AWS did",
    "logging comes back as it was put, and an empty status switches it off",
  ),
  ...differs(
    "moto forgets sizes and the number of versions",
    "a lifecycle filter of sizes and tags, and a number of kept versions, come back",
  ),
  ...differs(
    "moto does not know the sub-resource and lists the bucket",
    "the owner of a bucket pays for requests, until the requester does",
  ),
  ...differs("moto ignores Quiet", "a deletion of many is silent when asked to be"),
  ...differs("moto has no limit", "a deletion of 1,001 keys is MalformedXML"),
  ...differs("moto fails with 500", "an upload that does not exist is NoSuchUpload"),
  ...differs("moto deletes the user with its keys", "a user with a key is DeleteConflict"),
  ...differs(
    "moto lets an inactive key in",
    "an inactive key is refused, and works again when it is active",
  ),
  ...differs(
    "moto deletes an attached policy, and cannot detach it any more",
    "an attached policy is listed, and cannot be deleted",
  ),
  ...differs(
    "moto asks the user's policies only",
    "a bucket policy lets a user of the account in",
  ),
];

const moto: readonly KnownDifference[] = [
  ...everyMoto,
  ...differs(
    "moto lets any key in",
    "an unknown key is InvalidAccessKeyId",
    "a wrong secret is SignatureDoesNotMatch",
    "a presigned URL that is over or altered is 403",
    "a deleted key is InvalidAccessKeyId",
    "a user may do nothing until a policy allows it, and Deny goes first",
    "a managed policy acts while it is attached",
  ),
];

const enforcingMoto: readonly KnownDifference[] = [
  ...everyMoto,
  ...differs(
    "moto fails with 500 at signatures in the query",
    "a presigned URL works without credentials",
    "a presigned URL that is over or altered is 403",
  ),
];

const minio: readonly KnownDifference[] = [
  ...differs(
    "MinIO without a region of its own serves any",
    "a signature for another region is AuthorizationHeaderMalformed",
    "a bucket's region is in the answer to HeadBucket",
    "a constraint for another region than the endpoint's is refused with 400",
  ),
  ...differs("MinIO lists all buckets", "a listing of buckets can be asked for one at a time"),
  ...differs(
    "MinIO does not look whether the bucket exists",
    "GetBucketTagging of a bucket that does not exist is NoSuchBucket",
    "DeleteBucketTagging of a bucket that does not exist is NoSuchBucket",
    "PutBucketVersioning of a bucket that does not exist is NoSuchBucket",
  ),
  ...differs(
    "MinIO counts objects only",
    "a bucket with nothing but a delete marker is BucketNotEmpty",
    "a bucket with nothing but an unfinished upload is BucketNotEmpty",
  ),
  ...differs("MinIO takes ASCII only", "tags may have letters of any language"),
  ...differs(
    "MinIO has no CORS rules of a bucket",
    "CORS rules come back as they were put, and absent ones are NoSuchCORSConfiguration",
  ),
  ...differs(
    "MinIO aborts uploads by a setting of the server",
    "a lifecycle rule that aborts unfinished uploads comes back",
  ),
  ...differs(
    "MinIO says 400",
    "versioning of a bucket with object lock cannot be suspended",
    "a locked version stays until its retention is over",
  ),
  ...differs(
    "MinIO logs and replicates by settings of the server",
    "logging comes back as it was put, and an empty status switches it off",
    "replication comes back, and none is ReplicationConfigurationNotFoundError",
  ),
  ...differs(
    "MinIO has none of them, or not without a key service",
    "a default encryption comes back, and none is told by a code of its own",
    "a public access block comes back, and none is told by a code of its own",
    "ownership controls come back, and none are told by a code of their own",
    "the owner of a bucket pays for requests, until the requester does",
  ),
  ...differs(
    "MinIO moves to remote tiers that its administrator names",
    "lifecycle rules that move objects come back",
  ),
  ...differs(
    "MinIO has encryption",
    "encryption and public access blocks are MethodNotAllowed, as on Wasabi",
  ),
  ...differs(
    "MinIO has no IAM in the form of AWS",
    "a user is created, read, listed and deleted",
    "a user that exists is EntityAlreadyExists",
    "a user with a key is DeleteConflict",
    "a user with an inline policy is DeleteConflict",
    "a user with an attached policy is DeleteConflict, and can be deleted after all is gone",
    "a user has two keys at most",
    "a key of a user that does not exist is NoSuchEntity",
    "an inactive key is refused, and works again when it is active",
    "a deleted key is InvalidAccessKeyId",
    "an inline policy comes back as it was put",
    "a policy that is no policy is MalformedPolicyDocument",
    "a managed policy has five versions at most, and a default one",
    "an attached policy is listed, and cannot be deleted",
    "a user may do nothing until a policy allows it, and Deny goes first",
    "a managed policy acts while it is attached",
    "a bucket policy lets a user of the account in",
    "a Deny of the bucket policy goes before what the user's policy allows",
    "a new user is in no group",
    "a new user has no login profile, which is NoSuchEntity",
    "a key that was never used has no last use",
    "tags of a user are read back as they were put, or the action is not known",
  ),
];

/** By the name of the service, as its variables of the environment begin. */
export const knownDifferences: Readonly<Record<string, readonly KnownDifference[]>> = {
  MOTO: moto,
  MOTO_ENFORCING: enforcingMoto,
  MINIO: minio,
};
