/** Object lock: chosen when a bucket is made, and for each version from then on. */
import type { Bucket, ObjectLock, ObjectVersion, Retention, StoredObject } from "./bucket.ts";
import { bucketOf, type Call } from "./call.ts";
import { arnOf } from "./access.ts";
import { S3Error } from "./error.ts";
import type { S3Answer, S3Request } from "./request.ts";
import { OBJECT_LOCK } from "./setting_shapes.ts";
import { buildXml, parseXml } from "./xml.ts";
import { readShape, textsIn, treeIn } from "./xml_shape.ts";

const PREFIX = "x-amz-object-lock-";

/** What a request says about the lock of a version that it stores. */
export interface VersionLock {
  readonly retention?: Retention;
  readonly hasLegalHold?: boolean;
}

/** Whether CreateBucket asks for object lock. */
export function wantsObjectLock({ headers }: S3Request): boolean {
  return headers.get("x-amz-bucket-object-lock-enabled")?.toLowerCase() === "true";
}

/** GetObjectLockConfiguration. */
export function getObjectLockConfiguration(call: Call): S3Answer {
  const lock = lockOf(bucketOf(call), "ObjectLockConfigurationNotFoundError");
  const retention = lock.days === undefined && lock.years === undefined
    ? undefined
    : { DefaultRetention: { Mode: lock.mode, Days: lock.days, Years: lock.years } };
  return {
    body: buildXml("ObjectLockConfiguration", { ObjectLockEnabled: "Enabled", Rule: retention }),
  };
}

/** PutObjectLockConfiguration: only where the bucket was made with object lock (wasabi.md §2.7). */
export function putObjectLockConfiguration(call: Call): S3Answer {
  const bucket = bucketOf(call);
  lockOf(bucket, "InvalidBucketState");
  const tree = readShape(parseXml(call.request.body, "ObjectLockConfiguration"), OBJECT_LOCK);
  const rule = treeIn(treeIn(tree, "Rule") ?? {}, "DefaultRetention");
  if (rule === undefined) {
    bucket.objectLock = {};
    return {};
  }
  const [days, years] = ["Days", "Years"].map((name) => textsIn(rule, name)[0]).map(Number);
  const isOne = Number.isNaN(days) !== Number.isNaN(years);
  if (!isOne) throw new S3Error("MalformedXML");
  if ([days, years].some((count) => count !== undefined && count <= 0)) {
    throw new S3Error("InvalidRetentionPeriod");
  }
  bucket.objectLock = {
    mode: textsIn(rule, "Mode")[0] === "COMPLIANCE" ? "COMPLIANCE" : "GOVERNANCE",
    ...(days !== undefined && !Number.isNaN(days) && { days }),
    ...(years !== undefined && !Number.isNaN(years) && { years }),
  };
  return {};
}

/**
 * The lock that PutObject's headers ask for.
 *
 * @throws {S3Error} InvalidRequest for a bucket without object lock.
 */
export function requestedLock({ request, state }: Call, bucket: Bucket): VersionLock {
  const [mode, until, hold] = ["mode", "retain-until-date", "legal-hold"]
    .map((name) => request.headers.get(`${PREFIX}${name}`) ?? undefined);
  if (mode === undefined && until === undefined && hold === undefined) return {};
  if (bucket.objectLock === undefined) {
    throw new S3Error("InvalidRequest", { message: "Bucket is missing Object Lock Configuration" });
  }
  const untilMs = Date.parse(until ?? "");
  const isModeValid = mode === "GOVERNANCE" || mode === "COMPLIANCE";
  if ((mode === undefined) !== (until === undefined)) {
    throw new S3Error("InvalidArgument", {
      message:
        "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied",
    });
  }
  if (mode !== undefined && (!isModeValid || !(untilMs > state.clock.now()))) {
    throw new S3Error("InvalidArgument", {
      message: "The retain until date must be in the future",
    });
  }
  return {
    ...(isModeValid && { retention: { mode, untilMs } }),
    ...(hold !== undefined && { hasLegalHold: hold === "ON" }),
  };
}

/** Headers by which GetObject and HeadObject tell the lock of a version. */
export function lockHeaders({ retention, hasLegalHold }: StoredObject): Record<string, string> {
  return {
    ...(retention !== undefined && {
      [`${PREFIX}mode`]: retention.mode,
      [`${PREFIX}retain-until-date`]: new Date(retention.untilMs).toISOString(),
    }),
    ...(hasLegalHold && { [`${PREFIX}legal-hold`]: "ON" }),
  };
}

/** @throws {S3Error} AccessDenied for a version that may not be removed yet. */
export function checkUnlocked(call: Call, version: ObjectVersion | undefined): void {
  if (version?.kind !== "object") return;
  const { retention, hasLegalHold } = version;
  const isRetained = retention !== undefined && retention.untilMs > call.state.clock.now();
  const isBypassed = retention?.mode === "GOVERNANCE" &&
    call.request.headers.get("x-amz-bypass-governance-retention") === "true" &&
    call.allows({
      action: "s3:BypassGovernanceRetention",
      resource: arnOf(call.request.bucket ?? "", version.key),
    });
  if (!hasLegalHold && (!isRetained || isBypassed)) return;
  throw new S3Error("AccessDenied", {
    message: "Access Denied because object protected by object lock",
  });
}

function lockOf(
  bucket: Bucket,
  code: "InvalidBucketState" | "ObjectLockConfigurationNotFoundError",
): ObjectLock {
  if (bucket.objectLock !== undefined) return bucket.objectLock;
  throw new S3Error(code, { fields: { BucketName: bucket.name } });
}
