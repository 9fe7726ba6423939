/**
 * Everything that IAM remembers, and the one place where S3 and IAM look up who may do what.
 *
 * Tests reach it without a request, as they reach the buckets of the S3 service.
 */
import type { Clock } from "../../ops/clock.ts";
import type { PolicyDocument } from "../policy/document.ts";
import { parsePolicy } from "../policy/document.ts";
import type { Principal } from "../policy/principal.ts";
import type { AccessKey, KeyStatus, SandboxAccount } from "../s3/keys.ts";
import { Enforced } from "./enforced.ts";
import type { KeyUse, ManagedPolicy, User } from "./entities.ts";
import { managedPolicies } from "./managed_policies.ts";

/** Options of {@link AccountDirectory}. */
export interface AccountDirectoryOptions {
  readonly clock: Clock;
  /** How long a change by IAM takes to hold. @default 0 */
  readonly propagationMs?: number;
}

/** Accounts' keys, users and policies. */
export class AccountDirectory {
  readonly clock: Clock;
  /** By account and name: see {@link nameIn}. */
  readonly users = new Map<string, User>();
  /** By ARN, with those that every account has. */
  readonly policies = new Map<string, ManagedPolicy>(managedPolicies());
  readonly #enforced: Enforced;
  readonly #uses = new Map<string, KeyUse>();
  #sequence = 0;

  constructor({ clock, propagationMs = 0 }: AccountDirectoryOptions) {
    this.clock = clock;
    this.#enforced = new Enforced(clock, propagationMs);
  }

  /** How long a change by IAM takes to hold, in milliseconds; for the changes to come. */
  get propagationMs(): number {
    return this.#enforced.propagationMs;
  }

  set propagationMs(ms: number) {
    this.#enforced.propagationMs = ms;
  }

  /** The key of that id as it holds now, whatever its status. */
  key(accessKeyId: string): AccessKey | undefined {
    return this.#enforced.facts.keys.get(accessKeyId);
  }

  /** Adds an account's own key, or replaces the one of the same id, at once. */
  addKey(account: SandboxAccount): void {
    this.#enforced.now(({ keys }) =>
      keys.set(account.accessKeyId, { ...account, status: "Active" })
    );
  }

  /** Forgets a key at once: requests signed with it get InvalidAccessKeyId. */
  removeKey(accessKeyId: string): void {
    this.#enforced.now(({ keys }) => keys.delete(accessKeyId));
  }

  /** At once. @throws {Error} when there is no such key. */
  setKeyStatus(accessKeyId: string, status: KeyStatus): void {
    const key = this.key(accessKeyId);
    if (key === undefined) throw new Error(`Cannot set key status: no key "${accessKeyId}"`);
    this.#enforced.now(({ keys }) => keys.set(accessKeyId, { ...key, status }));
  }

  /** Lets a user's key hold as it is now, or end where it is gone. */
  publishKey(user: User, accessKeyId: string): void {
    const key = user.keys.get(accessKeyId);
    const { accountId, userId, userName, arn } = user;
    const value: AccessKey | undefined = key === undefined ? undefined : {
      accountId,
      accessKeyId,
      secretAccessKey: key.secretAccessKey,
      status: key.status,
      user: { userId, userName, arn },
    };
    if (value === undefined) this.#uses.delete(accessKeyId);
    this.#enforced.later(({ keys }) => {
      if (value === undefined) keys.delete(accessKeyId);
      else keys.set(accessKeyId, value);
    });
  }

  /** Lets a user's policies hold as they are now. */
  publishPolicies(user: User): void {
    const texts = [
      ...user.inline.values(),
      ...[...user.attached].map((arn) => this.documentOf(arn)).filter((text) => text !== undefined),
    ];
    const documents = texts.map((text) => parsePolicy(text, { kind: "identity" }));
    this.#enforced.later(({ policies }) => {
      if (documents.length === 0) policies.delete(user.userId);
      else policies.set(user.userId, documents);
    });
  }

  /** Who signs with the key, and the user's policies that hold now. */
  identityOf(key: AccessKey): {
    readonly principal: Principal;
    readonly policies: readonly PolicyDocument[];
  } {
    const { accountId, user } = key;
    if (user === undefined) return { principal: { kind: "root", accountId }, policies: [] };
    return {
      principal: { kind: "user", accountId, ...user },
      policies: this.#enforced.facts.policies.get(user.userId) ?? [],
    };
  }

  /** Document of a managed policy's default version. */
  documentOf(arn: string): string | undefined {
    const policy = this.policies.get(arn);
    return policy?.versions.get(policy.defaultVersionId)?.document;
  }

  /** Users that a managed policy is attached to. */
  usersWith(arn: string): readonly User[] {
    return [...this.users.values()].filter((user) => user.attached.has(arn));
  }

  /** Latest use of a key. */
  useOf(accessKeyId: string): KeyUse | undefined {
    return this.#uses.get(accessKeyId);
  }

  /** Notes that a request was signed with a known key, which bounds their number. */
  recordUse(accessKeyId: string, use: Omit<KeyUse, "at">): void {
    this.#uses.set(accessKeyId, { ...use, at: this.clock.now() });
  }

  /** An id that was not used before, such as AIDA0000000000000001. */
  nextId(prefix: "AIDA" | "ANPA"): string {
    this.#sequence += 1;
    return `${prefix}${String(this.#sequence).padStart(16, "0")}`;
  }
}

/** Key of {@link AccountDirectory.users}: names differ in more than case. */
export function nameIn(accountId: string, userName: string): string {
  return `${accountId}/${userName.toLowerCase()}`;
}
