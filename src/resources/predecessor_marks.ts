/**
 * What the predecessor leaves on every object that it handled (seed-spec §2.0).
 */
import {
  type KubeObject,
  PREDECESSOR_ANNOTATION_PREFIX,
  PREDECESSOR_FINALIZER,
} from "../api/common.ts";

/**
 * True for an object with the predecessor's marks. Anybody who may write the object can set them,
 * so they prove nothing without its status.
 */
export function bearsPredecessorMarks({ metadata }: KubeObject): boolean {
  const annotation = `${PREDECESSOR_ANNOTATION_PREFIX}last-handled-configuration`;
  return (metadata.finalizers ?? []).includes(PREDECESSOR_FINALIZER) ||
    annotation in (metadata.annotations ?? {});
}
