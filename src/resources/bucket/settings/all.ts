/**
 * The settings in the order in which they are applied, and what is not managed yet.
 */
import type { BucketSpec } from "../../../api/bucket.ts";
import type { Setting } from "./setting.ts";
import { tagging } from "./tagging.ts";
import { versioning } from "./versioning.ts";

/** Every managed setting; a new one is a file beside this and a line here. */
export const allSettings: readonly Setting[] = [
  versioning,
  tagging,
] as readonly Setting[];

/** Fields that the API has, that this version does not manage, and that therefore must show. */
const UNMANAGED: readonly (keyof BucketSpec)[] = [
  "autoManage",
  "encryption",
  "publicAccess",
  "lifecycle",
  "cors",
];

/** Fields of a spec that are declared and not managed. */
export function unmanagedFields(spec: BucketSpec): readonly string[] {
  const fields = UNMANAGED.filter((field) => spec[field] !== undefined) as string[];
  return spec.versioning?.mfaDelete ? [...fields, "versioning.mfaDelete"] : fields;
}
