/** A bucket and what is in it. */
import { createHash } from "node:crypto";

import type { PolicyDocument } from "../policy/document.ts";
import type { XmlTree } from "./xml_shape.ts";

/** One tag. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

const DAY_MS = 24 * 60 * 60 * 1_000;
const DAYS_PER_YEAR = 365;

/** Version id of everything that was stored while versioning was not enabled. */
export const NULL_VERSION = "null";

/** Stored bytes, or the mark that hides them. */
export type ObjectVersion = StoredObject | DeleteMarker;

/** One version of an object. */
export interface StoredObject {
  readonly kind: "object";
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: number;
  readonly body: Uint8Array<ArrayBuffer>;
  /** With its quotation marks. */
  readonly etag: string;
  /** content-type and x-amz-meta-* as they were given. */
  readonly headers: Readonly<Record<string, string>>;
  readonly retention: Retention | undefined;
  readonly hasLegalHold: boolean;
}

/** Until when a version may not be removed. */
export interface Retention {
  readonly mode: "GOVERNANCE" | "COMPLIANCE";
  /** In milliseconds since 1970. */
  readonly untilMs: number;
}

/** Object lock of a bucket: the retention of new versions, if any. */
export interface ObjectLock {
  readonly mode?: Retention["mode"];
  readonly days?: number;
  readonly years?: number;
}

/** What a deletion without a version id leaves in a versioned bucket. */
export interface DeleteMarker {
  readonly kind: "marker";
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: number;
}

/** An upload in parts that is neither complete nor aborted. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, { readonly body: Uint8Array<ArrayBuffer>; readonly etag: string }>;
}

/** A bucket. */
export interface Bucket {
  readonly name: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
  /** Undefined until it was set for the first time. */
  versioning: "Enabled" | "Suspended" | undefined;
  /** Undefined where no tag set was put, which is not the same as an empty one. */
  tags: readonly Tag[] | undefined;
  policy: { readonly text: string; readonly document: PolicyDocument } | undefined;
  /** Undefined where the bucket was made without. */
  objectLock: ObjectLock | undefined;
  /** Settings that are documents, by the query parameter that selects them. */
  readonly settings: Map<string, XmlTree>;
  /** Versions of each key, the newest first; no key without a version. */
  readonly objects: Map<string, readonly ObjectVersion[]>;
  readonly uploads: Map<string, Upload>;
}

/** A bucket with nothing in it. */
export function newBucket(
  name: string,
  origin: Pick<Bucket, "accountId" | "region" | "createdAt">,
): Bucket {
  return {
    name,
    ...origin,
    versioning: undefined,
    tags: undefined,
    policy: undefined,
    objectLock: undefined,
    settings: new Map(),
    objects: new Map(),
    uploads: new Map(),
  };
}

/** A version to be stored; `id` is used where the bucket's versioning is enabled. */
export type NewVersion =
  & { readonly key: string; readonly id: string; readonly lastModified: number }
  & (
    | {
      readonly kind: "object";
      readonly body: Uint8Array<ArrayBuffer>;
      readonly etag?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly retention?: Retention | undefined;
      readonly hasLegalHold?: boolean;
    }
    | { readonly kind: "marker" }
  );

/** Stores a version by the rules of the bucket's versioning, and returns it. */
export function putVersion(bucket: Bucket, version: NewVersion): ObjectVersion {
  const { key, lastModified } = version;
  const versionId = bucket.versioning === "Enabled" ? version.id : NULL_VERSION;
  const stored: ObjectVersion = version.kind === "marker"
    ? { kind: "marker", key, versionId, lastModified }
    : {
      kind: "object",
      key,
      versionId,
      lastModified,
      body: version.body,
      etag: version.etag ?? etagOf(version.body),
      headers: version.headers ?? {},
      retention: version.retention ?? defaultRetention(bucket.objectLock, lastModified),
      hasLegalHold: version.hasLegalHold ?? false,
    };
  const others = (bucket.objects.get(key) ?? []).filter((old) => old.versionId !== versionId);
  bucket.objects.set(key, [stored, ...others]);
  return stored;
}

/** Removes one version for good; returns it, or undefined where there was none. */
export function removeVersion(
  bucket: Bucket,
  { key, versionId }: { readonly key: string; readonly versionId: string },
): ObjectVersion | undefined {
  const versions = bucket.objects.get(key) ?? [];
  const removed = versions.find((version) => version.versionId === versionId);
  const rest = versions.filter((version) => version !== removed);
  if (rest.length > 0) bucket.objects.set(key, rest);
  else bucket.objects.delete(key);
  return removed;
}

/** The ETag of bytes that were stored in one piece. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}

/** The retention that a new version gets where its request asks for none. */
function defaultRetention(lock: ObjectLock | undefined, now: number): Retention | undefined {
  if (lock?.mode === undefined) return undefined;
  const days = (lock.days ?? 0) + (lock.years ?? 0) * DAYS_PER_YEAR;
  return { mode: lock.mode, untilMs: now + days * DAY_MS };
}
