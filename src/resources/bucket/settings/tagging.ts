/**
 * Tags of the bucket, as a whole. An empty `tagging` removes them.
 */
import { sameJson } from "../../../control/json.ts";
import { getTags, putTags } from "../../../wasabi/s3.ts";
import type { Setting } from "./setting.ts";

/** Values by key; their order means nothing. */
export type Tags = Readonly<Record<string, string>>;

/** The setting `spec.tagging`. */
export const tagging: Setting<Tags> = {
  field: "tagging",
  metric: "tags",
  fresh: {},

  desired(spec) {
    return spec.tagging === undefined ? undefined : spec.tagging.tags ?? {};
  },

  observe: getTags,

  equal: sameJson,

  write: (s3, bucket, tags) => putTags(s3, bucket, { tags }),
};
