/** Rules of settings that a table of elements cannot hold. */
import type { Bucket } from "./bucket.ts";
import type { Call } from "./call.ts";
import { S3Error } from "./error.ts";
import { textsIn, treeIn, treesIn, type XmlTree } from "./xml_shape.ts";

/** Wasabi's own method besides S3's (wasabi.md §2.4). */
const CORS_METHODS: ReadonlySet<string> = new Set([
  ...["GET", "PUT", "POST", "DELETE", "HEAD", "MOVE"],
]);
const TRANSITIONS = ["Transition", "NoncurrentVersionTransition"];
const ACTIONS = [
  "Expiration",
  "NoncurrentVersionExpiration",
  "AbortIncompleteMultipartUpload",
  ...TRANSITIONS,
];
const COUNTS: readonly (readonly [element: string, count: string])[] = [
  ["Expiration", "Days"],
  ["NoncurrentVersionExpiration", "NoncurrentDays"],
  ["NoncurrentVersionExpiration", "NewerNoncurrentVersions"],
  ["AbortIncompleteMultipartUpload", "DaysAfterInitiation"],
];

/** The lifecycle as it is stored: each rule with an id. */
export function checkedLifecycle(tree: XmlTree, { state }: Call): XmlTree {
  const rules = treesIn(tree, "Rule");
  const ids = rules.flatMap((rule) => textsIn(rule, "ID"));
  if (new Set(ids).size < ids.length) {
    throw new S3Error("InvalidArgument", { message: "Rule ID must be unique" });
  }
  for (const rule of rules) {
    checkLifecycleRule(rule);
    const moves = TRANSITIONS.some((action) => rule[action] !== undefined);
    if (moves && state.lacking.has("transition")) throw new S3Error("MalformedXML");
  }
  return { Rule: rules.map((rule) => ({ ...rule, ID: rule["ID"] || state.nextId() })) };
}

/** The same CORS configuration. */
export function checkedCors(tree: XmlTree): XmlTree {
  for (const rule of treesIn(tree, "CORSRule")) {
    const method = textsIn(rule, "AllowedMethod").find((name) => !CORS_METHODS.has(name));
    if (method !== undefined) {
      throw new S3Error("InvalidRequest", {
        message: `Found unsupported HTTP method in CORS config. Unsupported method is ${method}`,
      });
    }
    const values = [...textsIn(rule, "AllowedOrigin"), ...textsIn(rule, "AllowedHeader")];
    const wild = values.find((value) => value.split("*").length > 2);
    if (wild !== undefined) {
      throw new S3Error("InvalidRequest", {
        message: `AllowedOrigin "${wild}" can not have more than one wildcard`,
      });
    }
  }
  return tree;
}

/** The same logging status: its target is a bucket of the same account. */
export function checkedLogging(tree: XmlTree, call: Call): XmlTree {
  const enabled = treeIn(tree, "LoggingEnabled");
  if (enabled === undefined) return tree;
  const [name = ""] = textsIn(enabled, "TargetBucket");
  if (call.state.buckets.get(name)?.accountId !== call.key.accountId) {
    throw new S3Error("InvalidTargetBucketForLogging", { fields: { TargetBucket: name } });
  }
  return tree;
}

/** The same replication: both buckets have versions, or neither (wasabi.md §2.8). */
export function checkedReplication(tree: XmlTree, call: Call): XmlTree {
  const source = call.state.buckets.get(call.request.bucket ?? "");
  for (const rule of treesIn(tree, "Rule")) {
    const [arn = ""] = textsIn(treeIn(rule, "Destination") ?? {}, "Bucket");
    const target = call.state.buckets.get(arn.slice("arn:aws:s3:::".length));
    // A bucket that another region's endpoint serves is not known here.
    if (target !== undefined && isVersioned(target) !== isVersioned(source)) {
      throw new S3Error("InvalidRequest", {
        message: "Source and destination buckets must have the same versioning",
      });
    }
  }
  return tree;
}

function isVersioned(bucket: Bucket | undefined): boolean {
  return bucket?.versioning === "Enabled";
}

function checkLifecycleRule(rule: XmlTree): void {
  if ((rule["Filter"] === undefined) === (rule["Prefix"] === undefined)) {
    throw new S3Error("MalformedXML");
  }
  if (ACTIONS.every((action) => rule[action] === undefined)) {
    throw new S3Error("InvalidRequest", {
      message: "At least one action needs to be specified in a rule",
    });
  }
  const filter = treeIn(rule, "Filter") ?? {};
  const expiration = treeIn(rule, "Expiration");
  const isAmbiguous = Object.keys(filter).length > 1 ||
    (expiration !== undefined && Object.keys(expiration).length !== 1);
  if (isAmbiguous) throw new S3Error("MalformedXML");
  for (const [action, count] of COUNTS) {
    const [text] = textsIn(treeIn(rule, action) ?? {}, count);
    if (text === undefined || Number(text) > 0) continue;
    throw new S3Error("InvalidArgument", {
      message: `'${count}' for ${action} action must be a positive integer`,
    });
  }
  const [date] = textsIn(expiration ?? {}, "Date");
  if (date !== undefined && !/^\d{4}-\d\d-\d\d(T00:00:00(\.0+)?Z)?$/.test(date)) {
    throw new S3Error("InvalidArgument", { message: "'Date' must be at midnight GMT" });
  }
  const hasTags = [filter, treeIn(filter, "And") ?? {}].some((part) => part["Tag"] !== undefined);
  if (hasTags && rule["AbortIncompleteMultipartUpload"] !== undefined) {
    throw new S3Error("InvalidRequest", {
      message: "AbortIncompleteMultipartUpload cannot be specified with Tags",
    });
  }
}
