/**
 * `spec.secret` of an AccessKey: how its key is published.
 */
import { z } from "zod";
import { newValueRules, objectName, text } from "./schema.ts";

function map(description: string, value: { readonly description: string; readonly max: number }) {
  return z.record(z.string(), text(value.description, value.max))
    .meta({ description, maxProperties: 50 });
}

/** How the key is published. */
export const accessKeySecretSchema = z.object({
  name: objectName("Name of the Secret. Default: <name of this object>-credentials.")
    .meta(newValueRules({
      rule: "self.matches('^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$')",
      message: "name must be the name of a Secret: lower-case letters, digits, hyphens and dots",
    }))
    .exactOptional(),
  labels: map("Labels to put on the Secret.", { description: "Value of the label.", max: 63 })
    .exactOptional(),
  annotations: map("Annotations to put on the Secret.", {
    description: "Value of the annotation.",
    max: 4096,
  }).exactOptional(),
  format: z.enum(["keys", "aws-env", "aws-credentials-file", "rclone", "s3cmd", "obc"])
    .describe(
      "Entries to add to access-key-id, secret-access-key, endpoint, region and bucket. keys: " +
        "none. aws-env: variables of the AWS SDKs. aws-credentials-file: the files credentials " +
        "and config. rclone: rclone.conf. s3cmd: .s3cfg. obc: the names of an " +
        "ObjectBucketClaim. Default: keys.",
    )
    .exactOptional(),
  data: map(
    "Further entries, as Mustache templates with the values accessKeyId, secretAccessKey, " +
      "endpoint, host, region, bucket and userName, such as s3://{{bucket}}.",
    { description: "Template of the entry.", max: 16_384 },
  ).exactOptional(),
}).describe("The Secret that the key is published in. Default: see name and format.");
