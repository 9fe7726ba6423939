/** The access keys that the service knows, and whose they are. */

/** A key and the account that it belongs to; one account may have several keys. */
export interface SandboxAccount {
  /** Twelve digits. */
  readonly accountId: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** For a temporary key: each request has to carry it. */
  readonly sessionToken?: string;
  /** Names of operations, such as "ListBuckets", that this key may not use. */
  readonly denied?: readonly string[];
}

/** Whether a key may be used. */
export type KeyStatus = "Active" | "Inactive";

/** A key as it is kept. */
export interface AccessKey extends SandboxAccount {
  readonly status: KeyStatus;
  /** The IAM user that it belongs to; an account's own key has none. */
  readonly user?: KeyUser;
}

/** What a key says of its user. */
export interface KeyUser {
  /** Never used twice, unlike the name. */
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
}

/** Account of a key that was made because none was given. */
const DEFAULT_ACCOUNT_ID = "100000200001";

/** A new key of the default account, from the system's cryptographic random source. */
export function generateAccount(): SandboxAccount {
  return { accountId: DEFAULT_ACCOUNT_ID, ...generateKey() };
}

/** A new pair, from the system's cryptographic random source; secrets may contain `/` and `+`. */
export function generateKey(): Pick<SandboxAccount, "accessKeyId" | "secretAccessKey"> {
  const random = crypto.getRandomValues(new Uint8Array(50));
  const letters = [...random.subarray(0, 20)].map((byte) => (byte % 36).toString(36)).join("");
  const secret = btoa(String.fromCharCode(...random.subarray(20)));
  return { accessKeyId: letters.toUpperCase(), secretAccessKey: secret.slice(0, 40) };
}
