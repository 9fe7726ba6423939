/**
 * Versioning. Switching it off suspends it: versions that exist stay.
 */
import { getVersioning, putVersioning } from "../../../wasabi/s3.ts";
import type { Setting } from "./setting.ts";

/** As the service has it; `Never` was not switched on since the bucket was made. */
export type Versioning = "Enabled" | "Suspended" | "Never";

/** The setting `spec.versioning`. */
export const versioning: Setting<Versioning> = {
  field: "versioning",
  metric: "versioning",
  fresh: "Never",

  desired(spec) {
    if (spec.versioning === undefined) return undefined;
    return spec.versioning.enabled ? "Enabled" : "Suspended";
  },

  async observe(s3, bucket) {
    return await getVersioning(s3, bucket) ?? "Never";
  },

  equal(desired, observed) {
    return desired === observed || (desired === "Suspended" && observed === "Never");
  },

  async write(s3, bucket, desired) {
    await putVersioning(s3, bucket, { status: desired === "Enabled" ? "Enabled" : "Suspended" });
  },
};
