/**
 * Who owns objects that other accounts write. An empty `ownership` is that of a new bucket.
 */
import type { ObjectOwnership } from "@aws-sdk/client-s3";
import { getOwnership, putOwnership } from "../../../wasabi/bucket_settings/protection.ts";
import type { ServiceProfile, Setting } from "./setting.ts";

/** `null` where nothing is said. */
export type Ownership = Readonly<Record<"objectOwnership", ObjectOwnership | null>>;

/** The setting `spec.ownership`. */
export const ownership: Setting<Ownership> = {
  field: "ownership",
  metric: "ownership",

  fresh: ofNewBucket,

  desired({ ownership }, service) {
    if (ownership === undefined) return undefined;
    const { objectOwnership } = ownership;
    const value = objectOwnership === undefined ? ofNewBucket(service) : { objectOwnership };
    return { value, leftOut: [] };
  },

  async observe(s3, bucket) {
    return { objectOwnership: await getOwnership(s3, bucket) ?? null };
  },

  write: (s3, bucket, { objectOwnership }) =>
    putOwnership(s3, bucket, { ownership: objectOwnership ?? undefined }),
};

/** On AWS, buckets made since April 2023. */
function ofNewBucket({ type }: ServiceProfile): Ownership {
  return { objectOwnership: type === "aws" ? "BucketOwnerEnforced" : null };
}
