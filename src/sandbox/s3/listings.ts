/** ListObjects in its two forms, and ListObjectVersions. */
import { type Bucket, NULL_VERSION, type ObjectVersion, type StoredObject } from "./bucket.ts";
import { bucketOf, type Call, isoTime } from "./call.ts";
import { S3Error } from "./error.ts";
import { byKey, type Entry, type Marker, type Page, paginate } from "./listing.ts";
import type { S3Answer } from "./request.ts";
import { buildXml, type XmlValue } from "./xml.ts";

/** ListObjects, version 1. */
export function listObjects(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const marker = call.request.query.get("marker") ?? "";
  const page = paginate(call.request, currentObjects(bucket), {
    marker: marker === "" ? undefined : { key: marker },
    maxParameter: "max-keys",
  });
  return {
    body: buildXml("ListBucketResult", {
      ...commonFields(bucket, page),
      Marker: page.encode(marker),
      // Without a delimiter the client goes on from the last key by itself.
      NextMarker: page.delimiter === undefined ? undefined : encodeNext(page),
      Contents: page.entries.map((entry) => contents(entry, page)),
      CommonPrefixes: commonPrefixes(page),
    }),
  };
}

/** ListObjectsV2. */
export function listObjectsV2(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const { query } = call.request;
  const token = query.get("continuation-token") ?? undefined;
  const startAfter = query.get("start-after") ?? undefined;
  const after = token === undefined ? startAfter : fromToken(token);
  const page = paginate(call.request, currentObjects(bucket), {
    marker: after === undefined || after === "" ? undefined : { key: after },
    maxParameter: "max-keys",
  });
  const owner = query.get("fetch-owner") === "true" ? { Owner: { ID: bucket.accountId } } : {};
  return {
    body: buildXml("ListBucketResult", {
      ...commonFields(bucket, page),
      KeyCount: page.entries.length + page.prefixes.length,
      StartAfter: startAfter === undefined ? undefined : page.encode(startAfter),
      ContinuationToken: token,
      NextContinuationToken: page.next === undefined ? undefined : toToken(page.next.key),
      Contents: page.entries.map((entry) => ({ ...contents(entry, page), ...owner })),
      CommonPrefixes: commonPrefixes(page),
    }),
  };
}

/** ListObjectVersions: of each key the newest version first. */
export function listObjectVersions(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const entries = [...bucket.objects]
    .map(([key, versions]) => ({ key, versions }))
    .sort(byKey)
    .flatMap(({ key, versions }) =>
      versions.map((value) => ({
        key,
        id: value.versionId,
        value,
        isLatest: value === versions[0],
      }))
    );
  const latest = new Set(entries.filter((entry) => entry.isLatest).map((entry) => entry.value));
  const marker = versionMarker(call);
  const page: Page<ObjectVersion> = paginate(call.request, entries, {
    marker,
    maxParameter: "max-keys",
    isAfter: isOlder,
  });
  function describe({ value }: Entry<ObjectVersion>): Record<string, XmlValue> {
    return {
      Key: page.encode(value.key),
      VersionId: value.versionId,
      IsLatest: latest.has(value),
      LastModified: isoTime(value.lastModified),
      ...(value.kind === "object" && sizeFields(value)),
      Owner: { ID: bucket.accountId },
    };
  }
  return {
    body: buildXml("ListVersionsResult", {
      ...commonFields(bucket, page),
      KeyMarker: page.encode(marker?.key ?? ""),
      VersionIdMarker: marker?.id,
      NextKeyMarker: encodeNext(page),
      NextVersionIdMarker: page.next?.id,
      Version: page.entries.filter(({ value }) => value.kind === "object").map(describe),
      DeleteMarker: page.entries.filter(({ value }) => value.kind === "marker").map(describe),
      CommonPrefixes: commonPrefixes(page),
    }),
  };
}

/** Groups of a page, as elements. */
export function commonPrefixes<T>(page: Page<T>): XmlValue {
  return page.prefixes.map((prefix) => ({ Prefix: page.encode(prefix) }));
}

/** Ids grow with time; the null version has no place among them, so it is never left out. */
function isOlder(id: string, markerId: string): boolean {
  return id === NULL_VERSION || markerId === NULL_VERSION || id < markerId;
}

function versionMarker(call: Call): Marker | undefined {
  const key = call.request.query.get("key-marker") ?? "";
  const id = call.request.query.get("version-id-marker") ?? "";
  if (key !== "") return id === "" ? { key } : { key, id };
  if (id === "") return undefined;
  throw new S3Error("InvalidArgument", {
    message: "A version-id marker cannot be specified without a key marker",
  });
}

function currentObjects(bucket: Bucket): readonly Entry<StoredObject>[] {
  const entries: Entry<StoredObject>[] = [];
  for (const [key, [current]] of bucket.objects) {
    if (current?.kind === "object") entries.push({ key, id: current.versionId, value: current });
  }
  return entries.sort(byKey);
}

function commonFields<T>(bucket: Bucket, page: Page<T>): Record<string, XmlValue> {
  return {
    Name: bucket.name,
    Prefix: page.encode(page.prefix),
    Delimiter: page.delimiter,
    MaxKeys: page.max,
    EncodingType: page.encodingType,
    IsTruncated: page.isTruncated,
  };
}

function contents<T>(entry: Entry<StoredObject>, page: Page<T>): Record<string, XmlValue> {
  return {
    Key: page.encode(entry.key),
    LastModified: isoTime(entry.value.lastModified),
    ...sizeFields(entry.value),
  };
}

function sizeFields(version: StoredObject): Record<string, XmlValue> {
  return { ETag: version.etag, Size: version.body.length, StorageClass: "STANDARD" };
}

function encodeNext<T>(page: Page<T>): string | undefined {
  return page.next === undefined ? undefined : page.encode(page.next.key);
}

function toToken(key: string): string {
  return btoa(encodeURIComponent(key));
}

function fromToken(token: string): string {
  try {
    return decodeURIComponent(atob(token));
  } catch {
    throw new S3Error("InvalidArgument", {
      message: "The continuation token provided is incorrect",
    });
  }
}
