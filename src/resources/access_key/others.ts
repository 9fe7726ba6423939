/**
 * Other AccessKeys of the same user.
 */
import type { AccessKey } from "../../api/access_key.ts";
import { memoryOf } from "./memory.ts";

/** What the others have. */
export interface OthersKeys {
  /** IDs that they know as theirs. */
  readonly ids: ReadonlySet<string>;
  /** One of them makes a key now. */
  readonly creating: boolean;
}

/** Reads what the statuses of the other AccessKeys say. */
export function keysOfOthers(key: AccessKey, all: readonly AccessKey[]): OthersKeys {
  const others = all.filter(({ metadata }) => metadata.uid !== key.metadata.uid).map(memoryOf);
  const ids = others.flatMap(({ accessKeyId, creation, previousKeys }) => [
    accessKeyId,
    creation?.accessKeyId,
    ...previousKeys.map((previous) => previous.accessKeyId),
  ]);
  return {
    ids: new Set(ids.filter((id) => id !== undefined)),
    creating: others.some(({ creation }) => creation !== undefined),
  };
}
