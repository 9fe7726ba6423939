/**
 * Reads what a plan is made from: the bucket's policy, and what the other objects have on it.
 */
import {
  type BucketPolicy,
  type BucketPolicySpec,
  bucketPolicySpecSchema,
} from "../../api/bucket_policy.ts";
import type { ObjectKey } from "../../api/key.ts";
import type { S3 } from "../../wasabi/s3.ts";
import type { ForeignStatements, Share } from "../policy/merge.ts";
import type { BucketPolicyContext } from "./context.ts";
import { resolveBucket } from "./resolve.ts";
import { isUnproven } from "./taken_over.ts";
import { asksForArn, type Place, shareOf } from "./wanted.ts";

/** Learns what is known about the bucket's place, asking the service only for what is needed. */
export async function observePlace(
  s3: S3,
  target: { readonly bucket: ObjectKey; readonly name: string },
  context: BucketPolicyContext,
): Promise<Place> {
  const specs = context.policiesOf(target.bucket).flatMap((policy) => specOf(policy) ?? []);
  const arn = specs.some(asksForArn) ? await context.callerArn(s3.session, s3.signal) : undefined;
  return {
    bucket: target.name,
    usesTls: s3.session.endpoint.startsWith("https:"),
    arn,
  };
}

/** What every other object has on the bucket. */
export function othersOf(
  policy: BucketPolicy,
  { bucket, place }: { readonly bucket: ObjectKey; readonly place: Place },
  context: BucketPolicyContext,
): readonly Share[] {
  return context.policiesOf(bucket)
    .filter(({ metadata }) => metadata.uid !== policy.metadata.uid)
    .map((other) => shareOf(other, { place, counts: counts(other, context) }));
}

/** What other objects are known to have written on a bucket whose Bucket is gone. */
export function recordedByOthers(
  policy: BucketPolicy,
  { place }: { readonly place: Place },
  context: BucketPolicyContext,
): readonly Share[] {
  return context.policiesOn(place.bucket)
    .filter(({ metadata }) => metadata.uid !== policy.metadata.uid)
    .map((other) => shareOf(other, { place, counts: false }));
}

/**
 * What happens to foreign statements: one object that keeps them is enough to keep them for all,
 * and only an object that says so itself removes them.
 */
export function foreignPolicyOf(
  policy: BucketPolicy,
  { bucket }: { readonly bucket: ObjectKey },
  context: BucketPolicyContext,
): ForeignStatements {
  const keeps = context.policiesOf(bucket).some((other) =>
    specOf(other)?.adoptionPolicy === "Adopt" && counts(other, context)
  );
  return keeps ? "Adopt" : specOf(policy)?.adoptionPolicy ?? "Refuse";
}

/** True while nothing may be written for a predecessor's object. */
export function awaitsProof(policy: BucketPolicy, spec: BucketPolicySpec): boolean {
  return isUnproven(policy) && (spec.adoptionPolicy ?? "Refuse") === "Refuse";
}

/** False for an object that is being deleted, or that may not refer to the Bucket. */
function counts(policy: BucketPolicy, context: BucketPolicyContext): boolean {
  if (policy.metadata.deletionTimestamp !== undefined) return false;
  const spec = specOf(policy);
  return spec !== undefined && resolveBucket(policy, spec, context).kind === "resolved";
}

function specOf(policy: BucketPolicy): BucketPolicySpec | undefined {
  return bucketPolicySpecSchema.safeParse(policy.spec ?? {}).data;
}
