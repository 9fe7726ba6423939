/** Settings of a bucket that are stored as the document that was put. */
import { bucketOf, type Call, type Handler } from "./call.ts";
import { S3Error, type S3ErrorCode } from "./error.ts";
import {
  checkedCors,
  checkedLifecycle,
  checkedLogging,
  checkedReplication,
} from "./setting_rules.ts";
import { CORS, LIFECYCLE, LOGGING, REPLICATION } from "./setting_shapes.ts";
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
  /** Without it, an absent setting is an empty document. */
  readonly absent?: S3ErrorCode;
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
    check: checkedLogging,
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
      if (tree === undefined && absent !== undefined) {
        throw new S3Error(absent, { fields: { BucketName: bucket.name } });
      }
      return { body: buildXml(root, tree ?? {}) };
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
