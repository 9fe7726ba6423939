/**
 * Names of an AccessKey's Secrets (seed-spec §3.3).
 */
import type { AccessKey } from "../../api/access_key.ts";

/** Name of the Secret in which the key is published. */
export function secretNameOf({ metadata, spec }: AccessKey): string {
  return spec?.secret?.name ?? `${metadata.name}-credentials`;
}

/** Name of the Secret that holds a new key which the service does not honour yet. */
export function pendingSecretName({ metadata }: AccessKey): string {
  return `${metadata.name}-credentials-pending`;
}

/** Name of the Secret that keeps the key which was replaced by the rotation begun at that time. */
export function previousSecretName({ metadata }: AccessKey, rotateTime: string): string {
  const stamp = new Date(rotateTime).toISOString().replaceAll(/[^0-9]/g, "").slice(0, 17);
  return `${metadata.name}-credentials-previous-${stamp}`;
}
