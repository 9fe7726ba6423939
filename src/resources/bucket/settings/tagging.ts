/**
 * Tags of the bucket, as a whole. An empty `tagging` removes them.
 */
import { getTags, putTags } from "../../../wasabi/s3.ts";
import type { Setting } from "./setting.ts";

/** Values by key; their order means nothing. */
export interface Tagging {
  readonly tags: Readonly<Record<string, string>>;
  readonly [key: string]: Readonly<Record<string, string>>;
}

/** The setting `spec.tagging`. */
export const tagging: Setting<Tagging> = {
  field: "tagging",
  metric: "tags",

  fresh: () => ({ tags: {} }),

  desired({ tagging }) {
    return tagging === undefined ? undefined : { value: { tags: tagging.tags ?? {} }, leftOut: [] };
  },

  observe: async (s3, bucket) => ({ tags: await getTags(s3, bucket) }),

  write: (s3, bucket, { tags }) => putTags(s3, bucket, { tags }),
};
