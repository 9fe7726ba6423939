/**
 * The documented IAM policy of the operator's own key, and lives that need every action of it.
 */
import { assertEquals } from "@std/assert";
import { aBucket, anAccessKey, aUser, type TestObject } from "../support/builders.ts";
import type { CloudEndpoint } from "../support/cloud_admin.ts";
import { eventually } from "../support/eventually.ts";
import { IamAdmin } from "../support/iam_admin.ts";
import { quickKeys } from "./access_keys.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { anIAMPolicy } from "./iam_policies.ts";
import type { Stage } from "./stage.ts";

/** A statement of the documented policy. */
export interface OperatorStatement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

const FILE = new URL("../../docs/operator-iam-policy.json", import.meta.url);

/** The statements of docs/operator-iam-policy.json. */
export async function operatorStatements(): Promise<readonly OperatorStatement[]> {
  return JSON.parse(await Deno.readTextFile(FILE)).Statement;
}

/** Every action of some statements. */
export function actionsIn(statements: readonly OperatorStatement[]): readonly string[] {
  return statements.flatMap(({ Action }) => Action);
}

/** The statements without one action. */
export function withoutAction(
  statements: readonly OperatorStatement[],
  action: string,
): readonly OperatorStatement[] {
  return statements
    .map((statement) => ({
      ...statement,
      Action: [statement.Action].flat().filter((one) => one !== action),
    }))
    .filter(({ Action }) => Action.length > 0);
}

/** The service with a key for the operator that may do what the statements allow. */
export async function withOperatorKey(
  cloud: CloudEndpoint,
  { userName, statements }: {
    readonly userName: string;
    readonly statements: readonly OperatorStatement[];
  },
): Promise<CloudEndpoint> {
  const iam = new IamAdmin(cloud);
  try {
    await iam.createUser(userName);
    await iam.putPolicy(userName, userName, { Version: "2012-10-17", Statement: statements });
    return { ...cloud, operatorKey: await iam.createKey(userName) };
  } finally {
    iam.close();
  }
}

const DELETE = { deletionPolicy: "Delete" };

/** Every setting, and the same ones present and empty: put, and deleted at the service. */
function settings(name: string): readonly TestObject[] {
  const rules = [{ id: "all", priority: 1, destination: { bucket: "arn:aws:s3:::elsewhere" } }];
  const cors = [{ allowedOrigins: ["https://example.com"], allowedMethods: ["GET"] }];
  const full = {
    versioning: { enabled: true },
    tagging: { tags: { a: "1" } },
    encryption: { enabled: true, algorithm: "aws:kms", kmsKeyId: "key" },
    publicAccess: { blockPublicAcls: true },
    ownership: { objectOwnership: "BucketOwnerPreferred" },
    objectLock: { enabled: true, defaultRetention: { mode: "GOVERNANCE", days: 2 } },
    lifecycle: { rules: [{ id: "rule", expiration: { days: 400 } }] },
    cors: { rules: cors },
    logging: { targetBucket: `${name}-log`, targetPrefix: "log/" },
    replication: { role: "arn:aws:iam::000000000000:role/replication", rules },
    requestPayer: { payer: "Requester" },
  };
  const emptied = { tagging: {}, encryption: {}, lifecycle: {}, cors: {}, replication: {} };
  return [full, { ...full, ...emptied }];
}

async function liveBuckets({ cluster, provide, bucketName }: Stage) {
  const name = bucketName("all");
  await provide({ type: "aws" });
  await cluster.apply(
    aBucket("log", { name: `${name}-log`, versioning: { enabled: true }, ...DELETE }),
  );
  await cluster.untilCondition("Bucket", "log", { status: "True" });
  for (const fields of settings(name)) {
    await cluster.apply(aBucket("all", { name, ...DELETE, ...fields }));
    await cluster.untilCondition("Bucket", "all", { type: "Synced", status: "True" });
  }
  for (const bucket of ["all", "log"]) {
    await cluster.delete("Bucket", bucket);
    await cluster.untilGone("Bucket", bucket);
  }
}

async function empty({ cluster, cloud, provide, bucketName }: Stage) {
  const name = bucketName("full");
  await provide();
  const versioning = { enabled: true };
  await cluster.apply(aBucket("full", { name, versioning, ...DELETE, forceDelete: true }));
  await cluster.untilCondition("Bucket", "full", { status: "True" });
  await cloud.put(name, "one");
  await cloud.put(name, "one");
  await cloud.beginUpload(name, "two");
  await cluster.delete("Bucket", "full");
  await cluster.untilGone("Bucket", "full");
}

async function livePolicies({ cluster, provide, bucketName }: Stage) {
  const name = bucketName("policy");
  const reader = { effect: "Allow", principal: "*", action: "s3:GetObject" };
  const statements = [{ ...reader, resource: `arn:aws:s3:::${name}/*` }];
  await provide();
  await cluster.apply(
    aBucket("it", { name, ...DELETE }),
    aBucketPolicy("it", statements, {
      bucketRef: { name: "it" },
    }),
  );
  await cluster.untilCondition("BucketPolicy", "it", { status: "True" });
  for (const kind of ["BucketPolicy", "Bucket"]) {
    await cluster.delete(kind, "it");
    await cluster.untilGone(kind, "it");
  }
}

async function liveIdentities({ cluster, provide, bucketName }: Stage) {
  const name = bucketName("user");
  await provide();
  const inline = { statement: [{ effect: "Allow", action: "s3:*", resource: "*" }] };
  await cluster.apply(anIAMPolicy("it", "one"), aUser("user", { name, policy: inline }));
  await cluster.untilCondition("User", "user", { status: "True" });
  await cluster.apply(
    anAccessKey("key", { rotate: { previousKeysRetentionDays: 0, revokeOnlyWhenUnused: true } }),
  );
  await cluster.untilCondition("AccessKey", "key", { status: "True" });
  await cluster.patch("AccessKey", "key", {
    metadata: { annotations: { "s3.cloud37.dev/rotate-requested-at": "now" } },
  });
  await cluster.apply(aUser("user", { name, policyRef: { name: "it" } }));
  for (const edit of ["a", "b", "c", "d", "e", "f"]) {
    await cluster.apply(anIAMPolicy("it", edit));
    await cluster.untilCondition("IAMPolicy", "it", { status: "True" });
  }
  await eventually(async () => {
    const key = await cluster.get("AccessKey", "key");
    assertEquals([key.status.handledRotateRequest, key.status.previousKeys], ["now", undefined]);
  });
  for (const [kind, object] of [["IAMPolicy", "it"], ["AccessKey", "key"], ["User", "user"]]) {
    await cluster.delete(kind!, object!);
    await cluster.untilGone(kind!, object!);
  }
}

/** The lives, each with the statements that it needs and no others. */
export const lives: readonly {
  readonly name: string;
  readonly needs: readonly string[];
  readonly run: (stage: Stage) => Promise<void>;
}[] = [
  { name: "buckets alone", needs: ["Buckets"], run: liveBuckets },
  { name: "emptying", needs: ["Buckets", "Emptying"], run: empty },
  { name: "policies of buckets", needs: ["Buckets", "BucketPolicies"], run: livePolicies },
  {
    name: "users, keys and managed policies",
    needs: ["Users", "KeyUse", "ManagedPolicies"],
    run: liveIdentities,
  },
];

const quick = quickKeys(500);

/** Options of the operators of all lives: everything is looked at again soon. */
export const lifeOptions = {
  ...quick,
  keyTiming: { ...quick.keyTiming, inUseMs: 300 },
  policySettleMs: 500,
};
