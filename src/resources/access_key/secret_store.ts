/**
 * Reads and writes the Secrets of an AccessKey; the only file of the kind that does.
 *
 * Guarantee: a Secret that does not belong to the AccessKey is never written or deleted.
 */
import type { AccessKey } from "../../api/access_key.ts";
import { API_VERSION, FIELD_MANAGER, GROUP, type Json, type KubeObject } from "../../api/common.ts";
import type { KubeClient } from "../../kube/client.ts";
import { isConflict, isNotFound } from "../../kube/error.ts";
import { SECRETS } from "../../kube/resource.ts";
import type { Redactor } from "../../ops/redact.ts";
import type { KeyPair } from "../../wasabi/try_key.ts";
import { checksumOf, KEY_ID_ENTRY, pairEntries, SECRET_ENTRY } from "./secret_content.ts";
import type { Entries } from "./secret_formats.ts";

/** Annotation with the checksum of the entries that we wrote. */
export const CHECKSUM_ANNOTATION = `${GROUP}/checksum`;

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** A Secret as it was read. */
export type SecretState =
  | { readonly kind: "absent" }
  /** It belongs to somebody else. */
  | { readonly kind: "foreign" }
  | {
    readonly kind: "ours";
    readonly uid: string;
    readonly entries: Entries;
    readonly labels: Entries;
    readonly annotations: Entries;
    /** Undefined when one of the two entries is missing. */
    readonly pair: KeyPair | undefined;
  };

/** What a Secret is to be. */
export interface WantedSecret {
  readonly name: string;
  readonly entries: Entries;
  readonly labels: Entries;
  readonly annotations: Entries;
}

/** Labels that the predecessor puts on each Secret (seed-spec §3.3). */
const OWN_LABELS: Entries = {
  [`${GROUP}/managed-by`]: FIELD_MANAGER,
  [`${GROUP}/resource-type`]: "access-key",
};

/** The Secrets of one AccessKey. */
export class SecretStore {
  readonly #key: AccessKey;
  readonly #client: KubeClient;
  readonly #redactor: Redactor;

  constructor(
    key: AccessKey,
    { client, redactor }: { readonly client: KubeClient; readonly redactor: Redactor },
  ) {
    this.#key = key;
    this.#client = client;
    this.#redactor = redactor;
  }

  /** Reads a Secret as the server has it now. */
  async read(name: string): Promise<SecretState> {
    try {
      const secret = await this.#client.get<Secret>(SECRETS, this.#nameOf(name));
      return this.#stateOf(secret);
    } catch (error) {
      if (isNotFound(error)) return { kind: "absent" };
      throw error;
    }
  }

  /**
   * Writes our entries by server-side apply; entries of others in it stay.
   *
   * @param options.uid of the Secret that was read: one that took its place is not written
   * @returns false when it is somebody else's, so that nothing was written
   */
  async write(wanted: WantedSecret, options: { readonly uid?: string } = {}): Promise<boolean> {
    const { uid } = options;
    const data = Object.fromEntries(
      Object.entries(wanted.entries).map(([name, text]) => [name, encode(text)]),
    );
    try {
      await this.#client.apply<Secret>(SECRETS, this.#nameOf(wanted.name), {
        metadata: {
          ...(uid === undefined ? {} : { uid }),
          labels: { ...wanted.labels, ...OWN_LABELS },
          annotations: {
            ...wanted.annotations,
            [CHECKSUM_ANNOTATION]: checksumOf(wanted.entries),
          },
          ownerReferences: [this.#owner() as unknown as Json],
        },
        fields: { type: "Opaque", data },
      });
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  /** Keeps a pair in a Secret of ours that applications do not read. */
  async keep(
    name: string,
    { pair, labels }: { readonly pair: KeyPair; readonly labels: Entries },
  ): Promise<void> {
    const state = await this.read(name);
    if (state.kind === "foreign") throw new Error(`Cannot write Secret "${name}": it is not ours`);
    await this.write({ name, entries: pairEntries(pair), labels, annotations: {} });
  }

  /** Deletes a Secret of ours; one that is gone, or is not ours, is no error. */
  async delete(name: string): Promise<void> {
    const state = await this.read(name);
    if (state.kind !== "ours") return;
    try {
      await this.#client.delete(SECRETS, this.#nameOf(name), state.uid);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  #nameOf(name: string) {
    return { namespace: this.#key.metadata.namespace, name };
  }

  /** Exactly the predecessor's, so that the Secret goes with its AccessKey. */
  #owner() {
    const { name, uid } = this.#key.metadata;
    return { apiVersion: API_VERSION, kind: "AccessKey", name, uid, controller: true };
  }

  #stateOf(secret: Secret): SecretState {
    const { metadata, data = {} } = secret;
    const owners = metadata.ownerReferences ?? [];
    if (!owners.some(({ uid }) => uid === this.#key.metadata.uid)) return { kind: "foreign" };
    const entries = Object.fromEntries(
      Object.entries(data).map(([name, encoded]) => [name, decode(encoded)]),
    );
    const accessKeyId = entries[KEY_ID_ENTRY]?.trim();
    const secretAccessKey = entries[SECRET_ENTRY]?.trim();
    this.#redactor.add(secretAccessKey);
    return {
      kind: "ours",
      uid: metadata.uid,
      entries,
      labels: metadata.labels ?? {},
      annotations: metadata.annotations ?? {},
      pair: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
    };
  }
}

function encode(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function decode(encoded: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0)));
}

/** Labels of the Secret that keeps a replaced key, with the time in a form that labels may have. */
export function previousLabels(accessKeyName: string, rotateTime: string): Entries {
  return {
    [`${GROUP}/previous-secret`]: "true",
    // A label holds 63 characters; the owner reference has the whole name.
    [`${GROUP}/access-key-name`]: accessKeyName.slice(0, 63).replace(/[^A-Za-z0-9]+$/, ""),
    [`${GROUP}/rotated-at`]: String(Date.parse(rotateTime)),
  };
}
