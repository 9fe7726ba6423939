/**
 * The forms in which applications expect a key.
 */
import type { AccessKeySpec } from "../../api/access_key.ts";
import type { KeyPair } from "../../wasabi/try_key.ts";

/** Everything that a Secret can tell. */
export interface SecretFacts extends KeyPair {
  readonly endpoint: string;
  readonly region: string;
  /** Name of the bucket that the user is for, where it is known. */
  readonly bucket: string | undefined;
  readonly userName: string;
}

/** Entries of a Secret by name. */
export type Entries = Readonly<Record<string, string>>;

type Format = NonNullable<NonNullable<AccessKeySpec["secret"]>["format"]>;

/** Entries of a format, besides those that every Secret has. */
export function entriesOf(format: Format, facts: SecretFacts): Entries {
  switch (format) {
    case "keys":
      return {};
    case "aws-env":
      return awsVariables(facts);
    case "aws-credentials-file":
      return awsFiles(facts);
    case "rclone":
      return { "rclone.conf": rclone(facts) };
    case "s3cmd":
      return { ".s3cfg": s3cmd(facts) };
    case "obc":
      return objectBucketClaim(facts);
  }
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html */
function awsVariables({ accessKeyId, secretAccessKey, endpoint, region }: SecretFacts): Entries {
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
function awsFiles({ accessKeyId, secretAccessKey, endpoint, region }: SecretFacts): Entries {
  return {
    credentials: lines(
      "[default]",
      `aws_access_key_id = ${accessKeyId}`,
      `aws_secret_access_key = ${secretAccessKey}`,
    ),
    config: lines("[default]", `region = ${region}`, `endpoint_url = ${endpoint}`),
  };
}

/** https://rclone.org/s3/ */
function rclone({ accessKeyId, secretAccessKey, endpoint, region }: SecretFacts): string {
  return lines(
    "[s3]",
    "type = s3",
    `provider = ${isWasabi(endpoint) ? "Wasabi" : "Other"}`,
    `access_key_id = ${accessKeyId}`,
    `secret_access_key = ${secretAccessKey}`,
    `endpoint = ${endpoint}`,
    `region = ${region}`,
  );
}

/** https://s3tools.org/usage; a percent sign stands for itself in values. */
function s3cmd({ accessKeyId, secretAccessKey, endpoint, region }: SecretFacts): string {
  const url = new URL(endpoint);
  return lines(
    "[default]",
    `access_key = ${accessKeyId}`,
    `secret_key = ${secretAccessKey}`,
    `host_base = ${url.host}`,
    `host_bucket = ${url.host}`,
    `bucket_location = ${region}`,
    `use_https = ${url.protocol === "https:" ? "True" : "False"}`,
  );
}

/** The names of lib-bucket-provisioner, which splits them over a Secret and a ConfigMap. */
function objectBucketClaim(facts: SecretFacts): Entries {
  const { accessKeyId, secretAccessKey, endpoint, region, bucket } = facts;
  const url = new URL(endpoint);
  return {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    BUCKET_HOST: url.hostname,
    BUCKET_PORT: url.port === "" ? url.protocol === "https:" ? "443" : "80" : url.port,
    BUCKET_REGION: region,
    ...(bucket === undefined ? {} : { BUCKET_NAME: bucket }),
  };
}

function isWasabi(endpoint: string): boolean {
  return /(^|\.)wasabisys\.com$/.test(new URL(endpoint).hostname);
}

function lines(...text: readonly string[]): string {
  return `${text.join("\n")}\n`;
}
