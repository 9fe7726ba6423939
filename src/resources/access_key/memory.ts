/**
 * What the status remembers of a key's life, and the journal that writes it.
 */
import type { AccessKey, AccessKeyStatus } from "../../api/access_key.ts";
import type { Json } from "../../api/common.ts";
import type { Pass } from "../../control/reconciler.ts";

/** A creation that has begun. */
export interface Creation {
  readonly startTime: string;
  /** IDs that the user had before the call. */
  readonly knownKeys: readonly string[];
  /** Set once the key is there and waits in the pending Secret. */
  readonly accessKeyId?: string | undefined;
}

/** A key that was replaced. */
export interface PreviousKey {
  readonly accessKeyId: string;
  readonly rotateTime: string;
  readonly inactiveTime?: string | undefined;
}

/** Everything that a rotation must not forget. */
export interface Memory {
  readonly userName?: string | undefined;
  readonly secretName?: string | undefined;
  /** The key in the Secret. */
  readonly accessKeyId?: string | undefined;
  readonly creation?: Creation | undefined;
  readonly previousKeys: readonly PreviousKey[];
  readonly lastRotateTime?: string | undefined;
  readonly nextRotateTime?: string | undefined;
  readonly rotateNotBefore?: string | undefined;
  readonly handledRotateRequest?: string | undefined;
  readonly handledRollbackRequest?: string | undefined;
}

/** Reads the memory from a status. */
export function memoryOf({ status }: AccessKey): Memory {
  const { conditions: _conditions, created: _created, ...memory } = status ??
    ({} as AccessKeyStatus);
  return { ...memory, previousKeys: memory.previousKeys ?? [] };
}

/** Status fields of a memory; null removes a field. */
export function fieldsOf(memory: Memory): { readonly [field: string]: Json } {
  const { creation, previousKeys } = memory;
  return {
    userName: memory.userName ?? null,
    secretName: memory.secretName ?? null,
    accessKeyId: memory.accessKeyId ?? null,
    creation: creation === undefined ? null : withoutUndefined({ ...creation }),
    previousKeys: previousKeys.length === 0
      ? null
      : previousKeys.map((key) => withoutUndefined({ ...key })),
    lastRotateTime: memory.lastRotateTime ?? null,
    nextRotateTime: memory.nextRotateTime ?? null,
    rotateNotBefore: memory.rotateNotBefore ?? null,
    handledRotateRequest: memory.handledRotateRequest ?? null,
    handledRollbackRequest: memory.handledRollbackRequest ?? null,
  };
}

function withoutUndefined(
  value: { readonly [field: string]: Json | undefined },
): { readonly [field: string]: Json } {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}

/** The memory during one pass. */
export class Journal {
  readonly #pass: Pass;
  #memory: Memory;

  constructor(pass: Pass, memory: Memory) {
    this.#pass = pass;
    this.#memory = memory;
  }

  get memory(): Memory {
    return this.#memory;
  }

  /**
   * Changes the memory and stores it before anything else happens.
   *
   * @throws KubeError when it cannot be stored, so that what should follow is not done
   */
  async record(change: Partial<Memory>): Promise<void> {
    const memory = { ...this.#memory, ...change };
    await this.#pass.record(fieldsOf(memory));
    this.#memory = memory;
  }

  /** Changes the memory; the report at the end of the pass stores it. */
  note(change: Partial<Memory>): void {
    this.#memory = { ...this.#memory, ...change };
  }
}
