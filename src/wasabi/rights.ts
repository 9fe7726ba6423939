/**
 * The right that each operation needs, for messages that tell what to grant.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html, "Permissions"
 */

const RIGHTS: Readonly<Record<string, string>> = {
  ListBuckets: "s3:ListAllMyBuckets",
  HeadBucket: "s3:ListBucket",
  DeleteBucketTagging: "s3:PutBucketTagging",
  ListObjectVersions: "s3:ListBucketVersions",
  ListMultipartUploads: "s3:ListBucketMultipartUploads",
  DeleteObjects: "s3:DeleteObject and s3:DeleteObjectVersion",
  GetBucketEncryption: "s3:GetEncryptionConfiguration",
  PutBucketEncryption: "s3:PutEncryptionConfiguration",
  DeleteBucketEncryption: "s3:PutEncryptionConfiguration",
  GetPublicAccessBlock: "s3:GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "s3:PutBucketPublicAccessBlock",
  DeleteBucketOwnershipControls: "s3:PutBucketOwnershipControls",
  GetBucketLifecycleConfiguration: "s3:GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "s3:PutLifecycleConfiguration",
  DeleteBucketLifecycle: "s3:PutLifecycleConfiguration",
  GetBucketCors: "s3:GetBucketCORS",
  PutBucketCors: "s3:PutBucketCORS",
  DeleteBucketCors: "s3:PutBucketCORS",
  GetObjectLockConfiguration: "s3:GetBucketObjectLockConfiguration",
  PutObjectLockConfiguration: "s3:PutBucketObjectLockConfiguration",
  GetBucketReplication: "s3:GetReplicationConfiguration",
  PutBucketReplication: "s3:PutReplicationConfiguration and iam:PassRole for its role",
  DeleteBucketReplication: "s3:PutReplicationConfiguration",
};

/** Name of the right; most operations have one of their own name. */
export function rightFor(operation: string): string {
  return RIGHTS[operation] ?? `s3:${operation}`;
}

/** Name of the right of an IAM operation: always its own. */
export function iamRightFor(operation: string): string {
  return `iam:${operation}`;
}
