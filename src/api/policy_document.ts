/**
 * Fields that the policy documents of BucketPolicy and IAMPolicy share. Documents are written with
 * lower-case keys here and translated for the service (seed-spec §5).
 */
import { z } from "zod";
import { text } from "./schema.ts";

/** Most statements of one document. */
export const MAX_STATEMENTS = 200;

/** Version of the policy language. */
export function policyVersion() {
  return text("Version of the policy language. Default: 2012-10-17.", 32).default("2012-10-17");
}

/** A part of a document whose inside the service defines. */
export function freeForm(description: string) {
  return z.record(z.string(), z.unknown()).meta({
    description,
    maxProperties: 64,
    "x-kubernetes-preserve-unknown-fields": true,
  });
}

/** Fields of a statement other than its principal. */
export function statementFields() {
  return {
    sid: text("Name of the statement, unique within the document.", 512).exactOptional(),
    effect: z.enum(["Allow", "Deny"]).describe("Whether the statement allows or denies."),
    action: z.array(text("Action such as s3:GetObject; * stands for any part.", 512)).max(512)
      .describe("The actions that the statement is about."),
    resource: z.array(text("ARN such as arn:aws:s3:::my-bucket/*.", 2048)).max(512)
      .describe("The resources that the statement is about."),
    condition: freeForm(
      "When the statement applies, in the form {operator: {key: value}}, such as " +
        "{Bool: {aws:SecureTransport: true}}. Default: always.",
    ).exactOptional(),
  };
}
