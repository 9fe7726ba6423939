/**
 * Building blocks of the kinds' schemas: bounded fields, references and CEL rules.
 *
 * A schema is written once, in zod, and read twice: as a TypeScript type and as the structural
 * schema of the CustomResourceDefinition (crd.ts). What zod cannot say travels as metadata.
 */
import { z } from "zod";
import type { Condition } from "./common.ts";
import { conditionSchema } from "./common.ts";

/** Deeply read-only form of `Value`, as objects from a watch store are frozen. */
export type Immutable<Value> = Value extends readonly (infer Item)[] ? readonly Immutable<Item>[]
  : Value extends object ? { readonly [Key in keyof Value]: Immutable<Value[Key]> }
  : Value;

/** Type of a parsed spec. */
export type SpecOf<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

/** Type of a status; its conditions are those we write, hence complete. */
export type StatusOf<Schema extends z.ZodType> =
  & Omit<Immutable<z.output<Schema>>, "conditions">
  & { readonly conditions?: readonly Condition[] };

/**
 * One CEL rule. Write the value as `self`, and as `oldSelf` in a transition rule.
 * `message` tells a person what to change, without a full stop.
 */
export interface ValidationRule {
  readonly rule: string;
  readonly message: string;
  /** Where the error points to, such as `.region`; without it, to the field of the rule. */
  readonly fieldPath?: string;
}

/** Metadata key of rules that only new and changed values have to obey; see {@link newValueRules}. */
export const NEW_VALUE_RULES = "x-new-value-rules";

/** Metadata that puts CEL rules on a field. */
export function rules(...list: readonly ValidationRule[]): Record<string, unknown> {
  return { "x-kubernetes-validations": list };
}

/**
 * Metadata that puts CEL rules on a field which stored objects may break and live on.
 *
 * A refused update also refuses our finalizer's removal, so a rule that the predecessor did not
 * have could hold its objects for ever, and ratcheting (GA in Kubernetes 1.33) may be missing.
 * Hence structural_schema.ts writes each of these rules twice: on the field for changed values
 * (unless it is immutable), and on the object while it has no status. The API server drops the
 * status of a new object, and the first pass of the predecessor or of us wrote one.
 */
export function newValueRules(...list: readonly ValidationRule[]): Record<string, unknown> {
  return { [NEW_VALUE_RULES]: list };
}

/** The rule of immutable fields. */
export const IMMUTABLE = "self == oldSelf";

/** Rule of a field whose value cannot be changed; it is skipped while the field is absent. */
export function immutable(message: string): Record<string, unknown> {
  return rules({ rule: IMMUTABLE, message });
}

/** A string of at most `max` characters. */
export function text(description: string, max: number): z.ZodString {
  return z.string().max(max).describe(description);
}

/** A point in time; parses the predecessor's offset form and a trailing Z (seed-spec §1.6). */
export function timestamp(description: string): z.ZodString {
  return text(description, 64).meta({ format: "date-time" });
}

/** A 32-bit integer between two bounds, both included. */
export function integer(description: string, bounds: { min: number; max: number }): z.ZodInt {
  return z.int().min(bounds.min).max(bounds.max).meta({ description, format: "int32" });
}

/** A map of strings with at most 50 entries, as S3 and IAM allow for tags. */
export function tags(description: string): z.ZodRecord<z.ZodString, z.ZodString> {
  return z.record(z.string(), text("Value of the tag.", 256))
    .meta({ description, maxProperties: 50 });
}

/** Name of a Kubernetes object. */
export function objectName(description: string): z.ZodString {
  return text(description, 253);
}

/** Name of a namespace. */
export function namespaceName(description: string): z.ZodString {
  return text(description, 63);
}

/** Reference to another custom resource, by default in the own namespace. */
export function referenceSchema(kind: string) {
  return z.object({
    name: objectName(`Name of the ${kind}.`),
    namespace: namespaceName(
      `Namespace of the ${kind}. Default: the namespace of this object.`,
    ).exactOptional(),
  });
}

/** Fields that every status has. */
export function commonStatus() {
  return {
    observedGeneration: z.int().min(0)
      .meta({
        description: "The metadata.generation that this status was computed from.",
        format: "int64",
      })
      .exactOptional(),
    lastHandledReconcileAt: text(
      "Value of the annotation s3.cloud37.dev/reconcile-requested-at that was handled last.",
      64,
    ).exactOptional(),
    conditions: z.array(conditionSchema.describe("One condition."))
      .max(32)
      .meta({
        description: "What holds for this object, one entry per type. Ready is the summary.",
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["type"],
      })
      .exactOptional(),
  };
}

/** Field that says when the operator last brought the cloud in line with the spec. */
export function lastSyncTime() {
  return timestamp("When the service was last brought in line with the spec.").exactOptional();
}
