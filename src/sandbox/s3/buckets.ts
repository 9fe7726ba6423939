/** Buckets themselves: what exists, whose it is, and where. */
import type { Bucket } from "./bucket.ts";
import { anyBucketOf, bucketOf, type Call, isoTime } from "./call.ts";
import { S3Error } from "./error.ts";
import { wantsObjectLock } from "./object_lock.ts";
import { numberOf, type S3Answer } from "./request.ts";
import { buildXml, parseXml } from "./xml.ts";

/** Wasabi's default is 1,000, and more on request; the load tests are such a request. */
const MAX_BUCKETS_PER_ACCOUNT = 10_000;
const MAX_LISTED_BUCKETS = 10_000;

/** Regions that exist (docs:service-urls-for-wasabis-storage-regions). */
const REGIONS: ReadonlySet<string> = new Set([
  ...["us-east-1", "us-east-2", "us-central-1", "us-west-1", "us-west-2", "ca-central-1"],
  ...["eu-central-1", "eu-central-2", "eu-west-1", "eu-west-2", "eu-west-3", "eu-south-1"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-2"],
]);

/** ListBuckets: the account's buckets of all regions, by name. */
export function listBuckets({ state, request, key }: Call): S3Answer {
  const prefix = request.query.get("prefix") ?? "";
  const region = request.query.get("bucket-region");
  const after = request.query.get("continuation-token") ?? "";
  const max = Math.min(
    numberOf(request, "max-buckets", { fallback: MAX_LISTED_BUCKETS }),
    MAX_LISTED_BUCKETS,
  );
  const rest = ownedBy(state.buckets, key.accountId)
    .filter(({ name }) => name.startsWith(prefix) && name > after)
    .filter((bucket) => region === null || bucket.region === region)
    .sort((left, right) => left.name < right.name ? -1 : 1);
  const page = rest.slice(0, max);
  return {
    body: buildXml("ListAllMyBucketsResult", {
      Owner: { ID: key.accountId, DisplayName: key.accountId },
      Buckets: {
        Bucket: page.map((bucket) => ({
          Name: bucket.name,
          CreationDate: isoTime(bucket.createdAt),
          BucketRegion: bucket.region,
        })),
      },
      ContinuationToken: rest.length > page.length ? page.at(-1)?.name : undefined,
      Prefix: prefix === "" ? undefined : prefix,
    }),
  };
}

/** CreateBucket, in the endpoint's region only. */
export function createBucket({ state, request, key }: Call): S3Answer {
  const name = request.bucket ?? "";
  checkName(name);
  const constraint = request.body.length === 0
    ? undefined
    : parseXml(request.body, "CreateBucketConfiguration").text("LocationConstraint");
  checkLocation(constraint, state.region);
  const existing = state.buckets.get(name);
  if (existing !== undefined) {
    const isOwn = existing.accountId === key.accountId;
    throw new S3Error(isOwn ? "BucketAlreadyOwnedByYou" : "BucketAlreadyExists", {
      fields: { BucketName: name },
    });
  }
  if (ownedBy(state.buckets, key.accountId).length >= MAX_BUCKETS_PER_ACCOUNT) {
    throw new S3Error("TooManyBuckets");
  }
  const bucket = state.createBucket(name, { accountId: key.accountId });
  if (wantsObjectLock(request)) {
    bucket.objectLock = {};
    bucket.versioning = "Enabled";
  }
  return { headers: { location: `/${name}` } };
}

/** HeadBucket: 200, or 301, 403 or 404 without a body. */
export function headBucket(call: Call): S3Answer {
  bucketOf(call);
  return {};
}

/** GetBucketLocation, which each region's endpoint answers; empty for us-east-1. */
export function getBucketLocation(call: Call): S3Answer {
  const { region } = anyBucketOf(call);
  const text = region === "us-east-1" ? {} : { "#text": region };
  return { body: buildXml("LocationConstraint", text) };
}

/** DeleteBucket: versions, markers and unfinished uploads count as content. */
export function deleteBucket(call: Call): S3Answer {
  const bucket = bucketOf(call);
  if (bucket.objects.size > 0 || bucket.uploads.size > 0) {
    throw new S3Error("BucketNotEmpty", { fields: { BucketName: bucket.name } });
  }
  call.state.deleteBucket(bucket.name);
  return { status: 204 };
}

function ownedBy(buckets: ReadonlyMap<string, Bucket>, accountId: string): Bucket[] {
  return [...buckets.values()].filter((bucket) => bucket.accountId === accountId);
}

/** Source: docs:bucket-naming-conventions. */
function checkName(name: string): void {
  const isValid = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes("..") &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) && !/^(xn--|sthree-|amzn-s3-demo-)/.test(name) &&
    !/(-s3alias|--ol-s3|\.mrap|--x-s3)$/.test(name);
  if (!isValid) throw new S3Error("InvalidBucketName", { fields: { BucketName: name } });
}

/** us-east-1 takes no constraint; every other region takes its own name and nothing else. */
function checkLocation(constraint: string | undefined, region: string): void {
  const expected = region === "us-east-1" ? undefined : region;
  if (constraint === expected) return;
  const isForeign = constraint === undefined ||
    (REGIONS.has(constraint) && constraint !== "us-east-1") ||
    (constraint === "us-east-1" && region !== "us-east-1");
  const shown = constraint ?? "unspecified";
  throw new S3Error(
    isForeign ? "IllegalLocationConstraintException" : "InvalidLocationConstraint",
    {
      ...(isForeign && {
        message:
          `The ${shown} location constraint is incompatible for the region specific endpoint this request was sent to`,
      }),
      fields: { LocationConstraint: shown },
    },
  );
}
