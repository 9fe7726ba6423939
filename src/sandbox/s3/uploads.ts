/** Uploads in parts: enough to make them, to find them, and to get rid of them. */
import { createHash } from "node:crypto";

import { type Bucket, etagOf, putVersion, type Upload } from "./bucket.ts";
import { concatBytes } from "./bytes.ts";
import { bucketOf, type Call, isoTime } from "./call.ts";
import { S3Error } from "./error.ts";
import { byKey, paginate } from "./listing.ts";
import { commonPrefixes } from "./listings.ts";
import { checkedKey, objectHeaders } from "./objects.ts";
import { numberOf, type S3Answer } from "./request.ts";
import { buildXml, parseXml } from "./xml.ts";

const MAX_PARTS = 10_000;
/** Of every part but the last. */
const MIN_PART_BYTES = 5 * 1_024 * 1_024;

/** CreateMultipartUpload. */
export function createMultipartUpload(call: Call): S3Answer {
  const bucket = bucketOf(call);
  if ([...call.request.headers.keys()].some((name) => name.startsWith("x-amz-object-lock-"))) {
    throw new S3Error("NotImplemented", {
      message: "The sandbox locks uploads in parts by the default retention only",
    });
  }
  const upload: Upload = {
    id: call.state.nextId(),
    key: checkedKey(call.request.key),
    initiated: call.state.clock.now(),
    headers: objectHeaders(call.request),
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  return {
    body: buildXml("InitiateMultipartUploadResult", {
      Bucket: bucket.name,
      Key: upload.key,
      UploadId: upload.id,
    }),
  };
}

/** UploadPart. */
export function uploadPart(call: Call): S3Answer {
  const upload = uploadOf(call, bucketOf(call));
  const partNumber = numberOf(call.request, "partNumber", { fallback: 0 });
  if (partNumber < 1 || partNumber > MAX_PARTS) {
    throw new S3Error("InvalidArgument", {
      message: `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`,
    });
  }
  const etag = etagOf(call.request.body);
  upload.parts.set(partNumber, { body: call.request.body, etag });
  return { headers: { etag } };
}

/** CompleteMultipartUpload. */
export function completeMultipartUpload(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const upload = uploadOf(call, bucket);
  const parts = chosenParts(call, upload);
  const digests = parts.map((part) => createHash("md5").update(part.body).digest());
  const digest = createHash("md5").update(concatBytes(digests)).digest("hex");
  const stored = putVersion(bucket, {
    kind: "object",
    key: upload.key,
    body: concatBytes(parts.map((part) => part.body)),
    etag: `"${digest}-${parts.length}"`,
    headers: upload.headers,
    id: call.state.nextId(),
    lastModified: call.state.clock.now(),
  });
  bucket.uploads.delete(upload.id);
  return {
    headers: bucket.versioning === undefined ? {} : { "x-amz-version-id": stored.versionId },
    body: buildXml("CompleteMultipartUploadResult", {
      Bucket: bucket.name,
      Key: upload.key,
      ETag: stored.kind === "object" ? stored.etag : undefined,
    }),
  };
}

/** AbortMultipartUpload. */
export function abortMultipartUpload(call: Call): S3Answer {
  const bucket = bucketOf(call);
  bucket.uploads.delete(uploadOf(call, bucket).id);
  return { status: 204 };
}

/** ListMultipartUploads: by key, of one key the oldest first. */
export function listMultipartUploads(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const { query } = call.request;
  const [keyMarker, idMarker] = [
    query.get("key-marker") ?? "",
    query.get("upload-id-marker") ?? "",
  ];
  const entries = [...bucket.uploads.values()]
    .map((value) => ({ key: value.key, id: value.id, value }))
    .sort((left, right) => byKey(left, right) || (left.id < right.id ? -1 : 1));
  const page = paginate(call.request, entries, {
    marker: keyMarker === "" ? undefined : { key: keyMarker, ...(idMarker && { id: idMarker }) },
    maxParameter: "max-uploads",
    isAfter: (id, markerId) => id > markerId,
  });
  return {
    body: buildXml("ListMultipartUploadsResult", {
      Bucket: bucket.name,
      KeyMarker: page.encode(keyMarker),
      UploadIdMarker: idMarker,
      NextKeyMarker: page.next === undefined ? undefined : page.encode(page.next.key),
      NextUploadIdMarker: page.next?.id,
      Prefix: page.encode(page.prefix),
      Delimiter: page.delimiter,
      EncodingType: page.encodingType,
      MaxUploads: page.max,
      IsTruncated: page.isTruncated,
      Upload: page.entries.map(({ value }) => ({
        Key: page.encode(value.key),
        UploadId: value.id,
        Initiated: isoTime(value.initiated),
        StorageClass: "STANDARD",
      })),
      CommonPrefixes: commonPrefixes(page),
    }),
  };
}

function uploadOf({ request }: Call, bucket: Bucket): Upload {
  const upload = bucket.uploads.get(request.query.get("uploadId") ?? "");
  if (upload === undefined || upload.key !== request.key) throw new S3Error("NoSuchUpload");
  return upload;
}

type Part = { readonly body: Uint8Array<ArrayBuffer>; readonly etag: string };

function chosenParts({ request }: Call, upload: Upload): readonly Part[] {
  const elements = parseXml(request.body, "CompleteMultipartUpload").elements("Part");
  if (elements.length === 0) throw new S3Error("MalformedXML");
  let previous = 0;
  return elements.map((element, index) => {
    const partNumber = Number(element.text("PartNumber"));
    if (!(partNumber > previous)) throw new S3Error("InvalidPartOrder");
    previous = partNumber;
    const part = upload.parts.get(partNumber);
    const etag = element.text("ETag")?.replaceAll('"', "");
    if (part === undefined || part.etag.replaceAll('"', "") !== etag) {
      throw new S3Error("InvalidPart", { fields: { PartNumber: String(partNumber) } });
    }
    const isLast = index === elements.length - 1;
    if (!isLast && part.body.length < MIN_PART_BYTES) throw new S3Error("EntityTooSmall");
    return part;
  });
}
