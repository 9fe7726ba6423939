/**
 * The grammar of bucket names (Wasabi: bucket-naming-conventions; the same as AWS's).
 */
import type { ValidationRule } from "./schema.ts";

/** What the predecessor's schema checked: length, characters, and both ends. */
export const BUCKET_NAME = /^[a-z0-9][a-z0-9\-\.]{1,61}[a-z0-9]$/;

/** Names that fit {@link BUCKET_NAME} and that the service refuses all the same. */
export const bucketNameRules: readonly ValidationRule[] = [
  {
    rule: "!self.contains('..')",
    message: "name must not contain two dots in a row: S3 refuses such bucket names",
  },
  {
    rule: "!self.matches('^[0-9]+\\\\.[0-9]+\\\\.[0-9]+\\\\.[0-9]+$')",
    message: "name must not look like an IP address: S3 refuses such bucket names",
  },
  {
    rule: "!self.matches('^(xn--|sthree-|amzn-s3-demo-)')",
    message: "name must not begin with xn--, sthree- or amzn-s3-demo-: S3 reserves these prefixes",
  },
  {
    rule: "!self.matches('(-s3alias|--ol-s3|\\\\.mrap|--x-s3)$')",
    message: "name must not end in -s3alias, --ol-s3, .mrap or --x-s3: S3 reserves these endings",
  },
];
