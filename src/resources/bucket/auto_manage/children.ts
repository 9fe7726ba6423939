/**
 * The objects that `spec.autoManage` stands for: a User, its AccessKey and a BucketPolicy, under
 * the names and in the form that the predecessor gave them (seed-spec §2.2 no. 9); pure.
 */
import type { Bucket, BucketSpec } from "../../../api/bucket.ts";
import { API_VERSION, FIELD_MANAGER, type Json } from "../../../api/common.ts";

/** Kinds of children, in the order in which they are made. */
export const childKinds = ["User", "AccessKey", "BucketPolicy"] as const;
/** One of them. */
export type ChildKind = typeof childKinds[number];

/** One child as it should be. */
export interface Child {
  readonly kind: ChildKind;
  readonly name: string;
  /** Everything, for a child that is yet to be made. */
  readonly spec: { readonly [field: string]: Json };
  /** The fields of `spec` that are kept equal later; the others cannot be changed. */
  readonly kept: readonly string[];
}

/** Least actions of each level; seed-spec §2.2 no. 9. */
const ACTIONS: Readonly<Record<"readonly" | "readwrite" | "full", readonly string[]>> = {
  readonly: ["s3:GetObject", "s3:ListBucket"],
  readwrite: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"],
  full: ["s3:*"],
};

/** Written out, so that a rotation that leaves the spec ends; the defaults of an AccessKey. */
const NO_ROTATION = { enabled: false, intervalDays: 90, previousKeysRetentionDays: 7 };

/** The children of a Bucket. */
export function childrenOf({ metadata }: Bucket, spec: BucketSpec): readonly Child[] {
  const settings = spec.autoManage;
  const userName = settings?.userName ?? spec.name;
  const action = ACTIONS[settings?.accessLevel ?? "readwrite"];
  const resource = [`arn:aws:s3:::${spec.name}`, `arn:aws:s3:::${spec.name}/*`];
  const namespace = metadata.namespace ?? "default";
  const providerRef = {
    name: spec.providerRef.name,
    namespace: spec.providerRef.namespace ?? namespace,
  };
  const grant = { effect: "Allow", action, resource };
  return [
    {
      kind: "User",
      name: `${metadata.name}-user`,
      spec: {
        providerRef,
        name: userName,
        policy: { version: "2012-10-17", statement: [grant] },
        tags: { ManagedBy: FIELD_MANAGER, Bucket: spec.name },
      },
      kept: ["policy"],
    },
    {
      kind: "AccessKey",
      name: `${metadata.name}-accesskey`,
      spec: {
        providerRef,
        userRef: { name: `${metadata.name}-user` },
        displayName: `Access key for bucket ${spec.name}`,
        rotate: { ...NO_ROTATION, ...settings?.rotation },
      },
      kept: ["rotate"],
    },
    {
      kind: "BucketPolicy",
      name: `${metadata.name}-policy`,
      spec: {
        bucketRef: { name: metadata.name, namespace },
        policy: {
          version: "2012-10-17",
          // The account number is put in where the policy is applied.
          statement: [{
            sid: `Allow-${userName}-Access`,
            ...grant,
            principal: `arn:aws:iam::*:user/${userName}`,
          }],
        },
      },
      kept: ["policy"],
    },
  ];
}

/** Name of the Secret that the AccessKey of a Bucket publishes. */
export function credentialsSecretOf({ metadata }: Bucket): string {
  return `${metadata.name}-accesskey-credentials`;
}

/** A child as it is sent to the API server, owned by its Bucket. */
export function childObject({ metadata }: Bucket, child: Child): Json {
  return {
    apiVersion: API_VERSION,
    kind: child.kind,
    metadata: {
      name: child.name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ownerReferences: [{
        apiVersion: API_VERSION,
        kind: "Bucket",
        name: metadata.name,
        uid: metadata.uid,
        controller: true,
      }],
    },
    spec: child.spec,
  };
}
