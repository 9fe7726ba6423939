/**
 * Shapes that all kinds share: metadata, conditions, references.
 */
import { z } from "zod";

/** API group of the six kinds. */
export const GROUP = "s3.cloud37.dev";
/** The only version of the API. */
export const VERSION = "v1alpha1";
/** `apiVersion` of every custom resource. */
export const API_VERSION = `${GROUP}/${VERSION}`;
/** Field manager of every server-side apply, and value of the managed-by label. */
export const FIELD_MANAGER = "wasabi-s3-operator";
/** The finalizer that holds an object until the cloud side is settled. */
export const FINALIZER = `${GROUP}/finalizer`;
/** What the predecessor's framework leaves on each object (seed-spec §2.0). */
export const PREDECESSOR_FINALIZER = "kopf.zalando.org/KopfFinalizerMarker";
/** Annotation prefix of the predecessor's framework. */
export const PREDECESSOR_ANNOTATION_PREFIX = "kopf.zalando.org/";

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | {
  readonly [key: string]: Json;
};

/** Reference to the object that owns another. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** The part of `metadata` that the operator reads. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** Any Kubernetes object. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A custom resource of ours; `spec` and `status` are as stored, not yet validated. */
export interface CustomResource<Spec = unknown, Status = unknown> extends KubeObject {
  readonly spec?: Spec;
  readonly status?: Status;
}

/** True, False or Unknown, as Kubernetes writes it. */
export type ConditionStatus = "True" | "False" | "Unknown";

/** One entry of `status.conditions` (KEP-1623). */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

/** Schema of one condition; every field stays optional because the predecessor's were. */
export const conditionSchema = z.object({
  type: z.string().max(316).describe("Type of the condition, such as Ready."),
  status: z.enum(["True", "False", "Unknown"]).optional()
    .describe("Whether the condition holds: True, False or Unknown."),
  reason: z.string().max(1024).optional()
    .describe("One word in CamelCase that says why."),
  message: z.string().max(32768).optional()
    .describe("One sentence for people, with the remedy where there is one."),
  lastTransitionTime: z.string().max(64).optional().meta({ format: "date-time" })
    .describe("When the status last changed from one value to another."),
  observedGeneration: z.int().min(0).optional().meta({ format: "int64" })
    .describe("The metadata.generation that this condition was computed from."),
});
