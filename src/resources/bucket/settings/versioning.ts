/**
 * Versioning. Switching it off suspends it: versions that exist stay.
 */
import { getVersioning, putVersioning } from "../../../wasabi/s3.ts";
import type { Setting, UnsupportedField } from "./setting.ts";

/** Suspended, and never switched on since the bucket was made, are the same: none are kept. */
export type Versioning = Readonly<Record<"enabled", boolean>>;

const MFA_DELETE: UnsupportedField = {
  field: "versioning.mfaDelete",
  why: "it needs a code of the root user's second factor in every request, which no key can give",
};

/** The setting `spec.versioning`. */
export const versioning: Setting<Versioning> = {
  field: "versioning",
  metric: "versioning",

  fresh: () => ({ enabled: false }),

  desired({ versioning }) {
    if (versioning === undefined) return undefined;
    const { enabled, mfaDelete } = versioning;
    return { value: { enabled }, leftOut: mfaDelete ? [MFA_DELETE] : [] };
  },

  async observe(s3, bucket) {
    return { enabled: await getVersioning(s3, bucket) === "Enabled" };
  },

  async write(s3, bucket, { enabled }) {
    await putVersioning(s3, bucket, { status: enabled ? "Enabled" : "Suspended" });
  },
};
