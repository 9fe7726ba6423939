/** Settings of a bucket, each a sub-resource that is read and written whole. */
import type { Tag } from "./bucket.ts";
import { bucketOf, type Call } from "./call.ts";
import { S3Error } from "./error.ts";
import type { S3Answer } from "./request.ts";
import { buildXml, parseXml } from "./xml.ts";

const MAX_TAGS = 50;
const MAX_TAG_KEY_LENGTH = 128;
const MAX_TAG_VALUE_LENGTH = 256;

/** GetBucketVersioning: no Status where it was never set. */
export function getBucketVersioning(call: Call): S3Answer {
  return { body: buildXml("VersioningConfiguration", { Status: bucketOf(call).versioning }) };
}

/** PutBucketVersioning: from "never set" there is no way back. */
export function putBucketVersioning(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const configuration = parseXml(call.request.body, "VersioningConfiguration");
  const status = configuration.text("Status");
  if (status !== "Enabled" && status !== "Suspended") {
    throw new S3Error("IllegalVersioningConfigurationException");
  }
  if (configuration.text("MfaDelete") === "Enabled") {
    throw new S3Error("NotImplemented", { message: "The sandbox does not support MFA delete" });
  }
  if (status === "Suspended" && bucket.objectLock !== undefined) {
    throw new S3Error("InvalidBucketState", {
      message: "An Object Lock configuration is present on this bucket, so the versioning state " +
        "cannot be changed",
    });
  }
  bucket.versioning = status;
  return {};
}

/** GetBucketTagging. */
export function getBucketTagging(call: Call): S3Answer {
  const bucket = bucketOf(call);
  if (bucket.tags === undefined) {
    throw new S3Error("NoSuchTagSet", { fields: { BucketName: bucket.name } });
  }
  const tags = bucket.tags.map(({ key, value }) => ({ Key: key, Value: value }));
  return { body: buildXml("Tagging", { TagSet: { Tag: tags } }) };
}

/** PutBucketTagging: the whole set. */
export function putBucketTagging(call: Call): S3Answer {
  const bucket = bucketOf(call);
  const sets = parseXml(call.request.body, "Tagging").elements("TagSet");
  if (sets.length !== 1) throw new S3Error("MalformedXML");
  const tags = sets.flatMap((set) => set.elements("Tag")).map((tag) => {
    const [key, value] = [tag.text("Key"), tag.text("Value")];
    if (key === undefined || value === undefined) throw new S3Error("MalformedXML");
    return { key, value };
  });
  checkTags(tags);
  bucket.tags = tags;
  return { status: 204 };
}

/** DeleteBucketTagging: succeeds without a tag set too. */
export function deleteBucketTagging(call: Call): S3Answer {
  bucketOf(call).tags = undefined;
  return { status: 204 };
}

/** GetBucketAcl: the owner's, for there is no way to set another one here. */
export function getBucketAcl(call: Call): S3Answer {
  const { accountId } = bucketOf(call);
  const owner = { ID: accountId, DisplayName: accountId };
  const grantee = {
    "@_xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "@_xsi:type": "CanonicalUser",
    ...owner,
  };
  return {
    body: buildXml("AccessControlPolicy", {
      Owner: owner,
      AccessControlList: { Grant: [{ Grantee: grantee, Permission: "FULL_CONTROL" }] },
    }),
  };
}

function checkTags(tags: readonly Tag[]): void {
  if (tags.length > MAX_TAGS) {
    throw new S3Error("InvalidTag", { message: `Bucket tag count cannot be greater than 50` });
  }
  const keys = new Set(tags.map((tag) => tag.key));
  if (keys.size < tags.length) {
    throw new S3Error("InvalidTag", { message: "Cannot provide multiple Tags with the same key" });
  }
  for (const { key, value } of tags) {
    if (key === "" || key.length > MAX_TAG_KEY_LENGTH || key.startsWith("aws:")) {
      throw new S3Error("InvalidTag", {
        message: "The TagKey you have provided is invalid",
        fields: { TagKey: key },
      });
    }
    if (value.length > MAX_TAG_VALUE_LENGTH) {
      throw new S3Error("InvalidTag", {
        message: "The TagValue you have provided is invalid",
        fields: { TagKey: key, TagValue: value },
      });
    }
  }
}
