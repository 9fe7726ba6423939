/**
 * Everything that the service remembers.
 *
 * Tests reach it without a request: to make what another account owns, or to see what is left.
 */
import type { Clock } from "../../ops/clock.ts";
import type { AccountDirectory } from "../iam/directory.ts";
import type { AccessKey, KeyStatus, SandboxAccount } from "./keys.ts";
import type { Bucket, ObjectVersion } from "./bucket.ts";
import { newBucket, putVersion } from "./bucket.ts";

/** Sub-resources of buckets that Wasabi answers with 405 (wasabi.md §0 no. 4), or has not. */
const LACKING_ON_WASABI: readonly string[] = [
  "encryption",
  "publicAccessBlock",
  "ownershipControls",
  "requestPayment",
  "website",
  "inventory",
  "analytics",
  "metrics",
  "accelerate",
  "intelligent-tiering",
];

/** Options of {@link S3State}. */
export interface S3StateOptions {
  readonly clock: Clock;
  /** The region that the endpoint serves. */
  readonly region: string;
  /** The first one owns what {@link S3State.createBucket} makes without saying whose it is. */
  readonly accounts: readonly [SandboxAccount, ...SandboxAccount[]];
  /** Where keys, users and policies are; IAM may share it. */
  readonly directory: AccountDirectory;
}

/** Options of {@link S3State.createBucket}. */
export interface CreateBucketOptions {
  /** Owner; the first account by default. */
  readonly accountId?: string;
  /** The endpoint's region by default. */
  readonly region?: string;
}

/** Buckets of the service, and the directory of those who use them. */
export class S3State {
  readonly region: string;
  readonly clock: Clock;
  readonly directory: AccountDirectory;
  /**
   * Query parameters of sub-resources that are refused with 405, as on Wasabi; take one out for
   * the service of another vendor, or add one. "transition" stands for lifecycle transitions.
   */
  readonly lacking: Set<string> = new Set([...LACKING_ON_WASABI, "transition"]);
  readonly #buckets = new Map<string, Bucket>();
  readonly #firstAccountId: string;
  #sequence = 0;

  constructor({ clock, region, accounts, directory }: S3StateOptions) {
    this.clock = clock;
    this.directory = directory;
    this.region = region;
    this.#firstAccountId = accounts[0].accountId;
    for (const account of accounts) this.addKey(account);
  }

  /** Buckets of every account and region, by name: the namespace is global. */
  get buckets(): ReadonlyMap<string, Bucket> {
    return this.#buckets;
  }

  /** The key of that id, whatever its status. */
  key(accessKeyId: string): AccessKey | undefined {
    return this.directory.key(accessKeyId);
  }

  /** Adds an account's own key, or replaces the one of the same id. */
  addKey(account: SandboxAccount): void {
    this.directory.addKey(account);
  }

  /** Forgets a key: requests signed with it get InvalidAccessKeyId. */
  removeKey(accessKeyId: string): void {
    this.directory.removeKey(accessKeyId);
  }

  /** @throws {Error} when there is no such key. */
  setKeyStatus(accessKeyId: string, status: KeyStatus): void {
    this.directory.setKeyStatus(accessKeyId, status);
  }

  /** Makes a bucket without asking the rules of CreateBucket. */
  createBucket(name: string, { accountId, region }: CreateBucketOptions = {}): Bucket {
    const bucket = newBucket(name, {
      accountId: accountId ?? this.#firstAccountId,
      region: region ?? this.region,
      createdAt: this.clock.now(),
    });
    this.#buckets.set(name, bucket);
    return bucket;
  }

  /** Removes a bucket with all that is in it. */
  deleteBucket(name: string): void {
    this.#buckets.delete(name);
  }

  /**
   * Stores an object as PutObject does.
   *
   * @throws {Error} when there is no such bucket.
   */
  putObject(bucketName: string, key: string, body: string | Uint8Array = ""): ObjectVersion {
    const bucket = this.#buckets.get(bucketName);
    if (bucket === undefined) throw new Error(`Cannot put object: no bucket "${bucketName}"`);
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body.slice();
    return putVersion(bucket, {
      kind: "object",
      key,
      body: new Uint8Array(bytes),
      id: this.nextId(),
      lastModified: this.clock.now(),
    });
  }

  /** An id that was not used before and sorts after all earlier ones. */
  nextId(): string {
    this.#sequence += 1;
    return this.#sequence.toString(16).toUpperCase().padStart(16, "0");
  }
}
