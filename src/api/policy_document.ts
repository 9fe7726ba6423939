/**
 * Fields that the policy documents of BucketPolicy and IAMPolicy share. Documents are written with
 * lower-case keys here and translated for the service (src/resources/policy/translate.ts).
 */
import { z } from "zod";
import { text } from "./schema.ts";

/** Most statements of one document. */
export const MAX_STATEMENTS = 200;

const MAX_ITEMS = 512;

/** One text, or a list of them: the service takes both. */
export type OneOrMore = string | readonly string[];

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

/**
 * A text or a list of texts. A structural schema has no type for that, so the API server takes
 * anything, and the operator reports in a condition what does not fit.
 */
function oneOrMore(description: string, { maxLength }: { readonly maxLength: number }) {
  function fits(value: unknown): value is OneOrMore {
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    return items.length > 0 && items.length <= MAX_ITEMS &&
      items.every((item) => typeof item === "string" && item !== "" && item.length <= maxLength);
  }
  return z.custom<OneOrMore>(fits, {
    message: `must be a text or a list of 1 to ${MAX_ITEMS} texts of 1 to ${maxLength} characters`,
  }).meta({ description, "x-kubernetes-preserve-unknown-fields": true });
}

/** Fields of a statement other than its principal. */
export function statementFields() {
  return {
    sid: text("Name of the statement, unique within the document.", 512).exactOptional(),
    effect: z.enum(["Allow", "Deny"]).describe("Whether the statement allows or denies."),
    action: oneOrMore(
      "The actions that the statement is about: one, such as s3:GetObject, or a list of them; * " +
        "stands for any part. Give either action or notAction.",
      { maxLength: 512 },
    ).exactOptional(),
    notAction: oneOrMore(
      "The actions that the statement is not about: it is about all others.",
      { maxLength: 512 },
    ).exactOptional(),
    resource: oneOrMore(
      "The resources that the statement is about: one ARN, such as arn:aws:s3:::my-bucket/*, or " +
        "a list of them. Give either resource or notResource.",
      { maxLength: 2048 },
    ).exactOptional(),
    notResource: oneOrMore(
      "The resources that the statement is not about: it is about all others.",
      { maxLength: 2048 },
    ).exactOptional(),
    condition: freeForm(
      "When the statement applies, in the form {operator: {key: value}}, such as " +
        "{Bool: {aws:SecureTransport: true}}. Default: always.",
    ).exactOptional(),
  };
}

/** Metadata: of each pair of fields exactly one must be given. */
export function exactlyOneOf(...pairs: readonly (readonly [string, string])[]) {
  return {
    allOf: pairs.map((pair) => ({ oneOf: pair.map((field) => ({ required: [field] })) })),
  };
}

/**
 * The same as {@link exactlyOneOf} for the operator, which says it in words. The API server's own
 * rules cannot: CEL does not see fields without a type.
 */
export function checkPairs(...pairs: readonly (readonly [string, string])[]) {
  return (statement: object, context: z.RefinementCtx): void => {
    for (const [positive, negative] of pairs) {
      if (positive in statement !== negative in statement) continue;
      const problem = positive in statement ? "not both" : "one of the two is needed";
      context.addIssue(`give either ${positive} or ${negative}: ${problem}`);
    }
  };
}
