/** Settings of a bucket that are stored as the document that was put. */
import { bucketOf, type Call, type Handler } from "./call.ts";
import { S3Error, type S3ErrorCode } from "./error.ts";
import {
  checkedCors,
  checkedLifecycle,
  checkedLogging,
  checkedReplication,
} from "./setting_rules.ts";
import {
  CORS,
  ENCRYPTION,
  LIFECYCLE,
  LOGGING,
  OWNERSHIP_CONTROLS,
  PUBLIC_ACCESS_BLOCK,
  REPLICATION,
  REQUEST_PAYMENT,
} from "./setting_shapes.ts";
import { buildXml, parseXml } from "./xml.ts";
import { readShape, type Shape, type XmlTree } from "./xml_shape.ts";

/** One such setting. */
export interface DocumentSetting {
  /** Query parameter that selects it. */
  readonly query: string;
  /** Names of the operations. */
  readonly get: string;
  readonly put: string;
  /** Without it, the setting is removed by an empty document. */
  readonly delete?: string;
  readonly handlers: {
    readonly get: Handler;
    readonly put: Handler;
    readonly delete: Handler;
  };
}

interface Definition extends Omit<DocumentSetting, "handlers"> {
  readonly root: string;
  readonly shape: Shape;
  /** What is answered where nothing was set: an error, or a document. */
  readonly absent: S3ErrorCode | XmlTree;
  readonly check: (tree: XmlTree, call: Call) => XmlTree;
}

const DEFINITIONS: readonly Definition[] = [
  {
    query: "lifecycle",
    get: "GetBucketLifecycleConfiguration",
    put: "PutBucketLifecycleConfiguration",
    delete: "DeleteBucketLifecycle",
    root: "LifecycleConfiguration",
    shape: LIFECYCLE,
    absent: "NoSuchLifecycleConfiguration",
    check: checkedLifecycle,
  },
  {
    query: "cors",
    get: "GetBucketCors",
    put: "PutBucketCors",
    delete: "DeleteBucketCors",
    root: "CORSConfiguration",
    shape: CORS,
    absent: "NoSuchCORSConfiguration",
    check: checkedCors,
  },
  {
    query: "replication",
    get: "GetBucketReplication",
    put: "PutBucketReplication",
    delete: "DeleteBucketReplication",
    root: "ReplicationConfiguration",
    shape: REPLICATION,
    absent: "ReplicationConfigurationNotFoundError",
    check: checkedReplication,
  },
  {
    query: "logging",
    get: "GetBucketLogging",
    put: "PutBucketLogging",
    root: "BucketLoggingStatus",
    shape: LOGGING,
    absent: {},
    check: checkedLogging,
  },
  {
    query: "encryption",
    get: "GetBucketEncryption",
    put: "PutBucketEncryption",
    delete: "DeleteBucketEncryption",
    root: "ServerSideEncryptionConfiguration",
    shape: ENCRYPTION,
    absent: "ServerSideEncryptionConfigurationNotFoundError",
    check: unchanged,
  },
  {
    query: "publicAccessBlock",
    get: "GetPublicAccessBlock",
    put: "PutPublicAccessBlock",
    delete: "DeletePublicAccessBlock",
    root: "PublicAccessBlockConfiguration",
    shape: PUBLIC_ACCESS_BLOCK,
    absent: "NoSuchPublicAccessBlockConfiguration",
    check: unchanged,
  },
  {
    query: "ownershipControls",
    get: "GetBucketOwnershipControls",
    put: "PutBucketOwnershipControls",
    delete: "DeleteBucketOwnershipControls",
    root: "OwnershipControls",
    shape: OWNERSHIP_CONTROLS,
    absent: "OwnershipControlsNotFoundError",
    check: unchanged,
  },
  {
    query: "requestPayment",
    get: "GetBucketRequestPayment",
    put: "PutBucketRequestPayment",
    root: "RequestPaymentConfiguration",
    shape: REQUEST_PAYMENT,
    absent: { Payer: "BucketOwner" },
    check: unchanged,
  },
];

/** All of them. */
export function documentSettings(): readonly DocumentSetting[] {
  return DEFINITIONS.map((definition) => ({ ...definition, handlers: handlersOf(definition) }));
}

function handlersOf(definition: Definition): DocumentSetting["handlers"] {
  const { query, root, shape, absent, check } = definition;
  return {
    get(call) {
      const bucket = bucketOf(call);
      const tree = bucket.settings.get(query);
      if (tree !== undefined) return { body: buildXml(root, tree) };
      if (typeof absent === "object") return { body: buildXml(root, absent) };
      throw new S3Error(absent, { fields: { BucketName: bucket.name } });
    },
    put(call) {
      const bucket = bucketOf(call);
      const tree = readShape(parseXml(call.request.body, root), shape);
      bucket.settings.set(query, check(tree, call));
      return {};
    },
    delete(call) {
      bucketOf(call).settings.delete(query);
      return { status: 204 };
    },
  };
}

function unchanged(tree: XmlTree): XmlTree {
  return tree;
}
