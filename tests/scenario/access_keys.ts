/**
 * Scenarios of AccessKeys and their Secrets, for services with IAM.
 */
import { assert, assertEquals, assertExists, assertNotEquals } from "@std/assert";
import type { OperatorOptions } from "../../src/operator/options.ts";
import { anAccessKey, aSecret, aUser, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest } from "./counts.ts";
import type { Scenario, Stage } from "./stage.ts";

const ANNOTATION = "kopf.zalando.org/last-handled-configuration";
const ROTATE = "s3.cloud37.dev/rotate-requested-at";
const ROLLBACK = "s3.cloud37.dev/rollback-requested-at";

/** A pair as the Secret has it. */
export interface SecretPair {
  readonly id: string;
  readonly secret: string;
}

/** The pair in a Secret; undefined while there is none. */
export async function pairIn({ cluster }: Stage, name: string): Promise<SecretPair | undefined> {
  const data = (await cluster.get("Secret", name))?.data;
  if (data?.["access-key-id"] === undefined) return undefined;
  return { id: atob(data["access-key-id"]), secret: atob(data["secret-access-key"]) };
}

/** Rotations whose replaced keys live for `overlapMs`, and then for a moment switched off. */
export function quickKeys(overlapMs: number): Partial<OperatorOptions> {
  return {
    driftIntervalMs: 300,
    keyTiming: { overlapFloorMs: overlapMs, inactiveMs: 300, verifyPollMs: 100, dayMs: 1 },
  };
}

async function begin(stage: Stage, options: Partial<OperatorOptions> = {}, spec: TestObject = {}) {
  const { cluster, operate, provide, bucketName } = stage;
  const name = bucketName("user");
  const operator = await operate(options);
  await provide();
  const policy = {
    statement: [{ effect: "Allow", action: ["s3:*"], resource: ["*"] }],
  };
  await cluster.apply(aUser("user", { name, policy }));
  await cluster.apply(anAccessKey("key", spec));
  await cluster.untilCondition("AccessKey", "key", { status: "True" });
  return { name, operator, pair: (await pairIn(stage, "key-credentials"))! };
}

async function annotate({ cluster }: Stage, annotations: TestObject): Promise<void> {
  await cluster.patch("AccessKey", "key", { metadata: { annotations } });
}

/** Waits until the Secret holds another key than `before`, and the status agrees. */
async function untilReplaced(stage: Stage, before: SecretPair): Promise<SecretPair> {
  return await eventually(async () => {
    const pair = await pairIn(stage, "key-credentials");
    const key = await stage.cluster.get("AccessKey", "key");
    assertNotEquals(pair?.id, before.id);
    assertEquals(key.status.accessKeyId, pair?.id);
    assertEquals(conditionOf(key, "Ready").status, "True");
    return pair!;
  });
}

/** Scenarios of AccessKeys. */
export const accessKeyScenarios: readonly Scenario[] = [
  {
    claim: "a key is made, works, and is published exactly as the predecessor published it",
    run: async (stage) => {
      const { cluster, iam, theatre } = stage;
      const { name, operator, pair } = await begin(stage);
      assert(await iam.works(pair));
      const key = await cluster.get("AccessKey", "key");
      assertEquals([key.status.accessKeyId, key.status.created], [pair.id, true]);
      const events = await cluster.list("Event");
      assert(!JSON.stringify([key, events]).includes(pair.secret));
      const { metadata, data, type } = await cluster.get("Secret", "key-credentials");
      assertEquals(type, "Opaque");
      assertEquals(metadata.labels, {
        "s3.cloud37.dev/managed-by": "wasabi-s3-operator",
        "s3.cloud37.dev/resource-type": "access-key",
      });
      assertEquals(metadata.ownerReferences, [{
        apiVersion: "s3.cloud37.dev/v1alpha1",
        kind: "AccessKey",
        name: "key",
        uid: key.metadata.uid,
        controller: true,
      }]);
      assertEquals(Object.keys(data).toSorted(), [
        "access-key-id",
        "endpoint",
        "region",
        "secret-access-key",
      ]);
      assertEquals(atob(data.endpoint), theatre.cloud.url);
      const rested = await countsAtRest(operator);
      await new Promise((resolve) => setTimeout(resolve, 500));
      assertEquals(await countsAtRest(operator), rested);
      await cluster.delete("AccessKey", "key");
      await cluster.untilGone("AccessKey", "key");
      assertEquals(await iam.keys(name), []);
      await cluster.untilGone("Secret", "key-credentials");
      await cluster.delete("User", "user");
      await cluster.untilGone("User", "user");
    },
  },
  {
    claim: "a rotation on demand overlaps; then the replaced key is switched off and deleted",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { name, pair } = await begin(stage, quickKeys(2_000));
      await annotate(stage, { [ROTATE]: "now" });
      const fresh = await untilReplaced(stage, pair);
      assert(await iam.works(fresh), "the new key works");
      assert(await iam.works(pair), "the old one still does");
      await eventually(async () => {
        assertEquals(await iam.keys(name), [{ id: fresh.id, active: true }]);
      });
      await eventually(async () => {
        const { status } = await cluster.get("AccessKey", "key");
        assertEquals([status.previousKeys, status.creation], [undefined, undefined]);
        assertEquals(status.handledRotateRequest, "now");
      });
      const secrets = await cluster.list("Secret");
      assertEquals(secrets.filter(({ metadata }) => metadata.name.includes("previous")), []);
    },
  },
  {
    claim: "a replaced key that is still used stays valid when revokeOnlyWhenUnused says so",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const options = quickKeys(300);
      const { name, pair } = await begin(
        stage,
        { ...options, keyTiming: { ...options.keyTiming, inUseMs: 3_000 } },
        { rotate: { previousKeysRetentionDays: 0, revokeOnlyWhenUnused: true } },
      );
      assert(await iam.works(pair));
      await annotate(stage, { [ROTATE]: "now" });
      const fresh = await untilReplaced(stage, pair);
      await cluster.untilCondition("AccessKey", "key", {
        type: "RotationBlocked",
        status: "True",
        reason: "PreviousKeyInUse",
      });
      assertEquals((await iam.keys(name)).length, 2);
      await eventually(async () => {
        assertEquals(await iam.keys(name), [{ id: fresh.id, active: true }]);
      });
    },
  },
  {
    claim: "a rollback makes the replaced key the current one, also when it is switched off",
    run: async (stage) => {
      const { iam, cluster } = stage;
      const options = quickKeys(500);
      const { name, pair } = await begin(stage, {
        ...options,
        keyTiming: { ...options.keyTiming, inactiveMs: 60_000 },
      });
      await annotate(stage, { [ROTATE]: "now" });
      const fresh = await untilReplaced(stage, pair);
      await eventually(async () => {
        const old = (await iam.keys(name)).find(({ id }) => id === pair.id);
        assertEquals(old?.active, false);
      });
      await annotate(stage, { [ROLLBACK]: "back" });
      assertEquals(await untilReplaced(stage, fresh), pair);
      assert(await iam.works(pair));
      const key = await cluster.untilCondition("AccessKey", "key", { status: "True" });
      assertEquals(key.status.previousKeys.map((one: TestObject) => one.accessKeyId), [fresh.id]);
      assertEquals(key.status.handledRollbackRequest, "back");
    },
  },
  {
    claim: "a Secret that was deleted is healed from a replaced key, or else by a rotation",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { pair } = await begin(stage, quickKeys(60_000));
      await cluster.delete("Secret", "key-credentials");
      const second = await untilReplaced(stage, pair);
      assert(await iam.works(second));
      await annotate(stage, { [ROTATE]: "blocked" });
      const waiting = await cluster.untilCondition("AccessKey", "key", {
        type: "RotationBlocked",
        status: "True",
        reason: "PreviousKeyInOverlap",
      });
      assertEquals(conditionOf(waiting, "Ready").status, "True");
    },
  },
  {
    claim: "a Secret that was deleted while a replaced key is valid gets that key back",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { pair } = await begin(stage, quickKeys(60_000));
      await annotate(stage, { [ROTATE]: "now" });
      const fresh = await untilReplaced(stage, pair);
      await cluster.delete("Secret", "key-credentials");
      assertEquals(await untilReplaced(stage, fresh), pair);
      assert(await iam.works(pair));
    },
  },
  {
    claim: "an edited Secret is healed: extra entries stay, wrong ones are written again",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { pair } = await begin(stage, quickKeys(60_000));
      await cluster.patch("Secret", "key-credentials", {
        data: { region: btoa("nowhere"), mine: btoa("stays") },
      });
      await eventually(async () => {
        const { data } = await cluster.get("Secret", "key-credentials");
        assertEquals([atob(data.region), atob(data.mine)], ["us-east-1", "stays"]);
      });
      assertEquals(await pairIn(stage, "key-credentials"), pair);
      await cluster.patch("Secret", "key-credentials", {
        data: { "secret-access-key": btoa("not the one that belongs to it") },
      });
      assert(await iam.works(await untilReplaced(stage, pair)));
    },
  },
  {
    claim: "a Secret of somebody else is left alone, and no key is made",
    run: async (stage) => {
      const { cluster, iam, operate, provide, bucketName } = stage;
      const name = bucketName("user");
      await operate();
      await provide();
      await cluster.apply(aSecret("key-credentials", { theirs: "data" }));
      await cluster.apply(aUser("user", { name }), anAccessKey("key"));
      await cluster.untilCondition("AccessKey", "key", {
        status: "False",
        reason: "SecretConflict",
      });
      assertEquals(await iam.keys(name), []);
      assertEquals(Object.keys((await cluster.get("Secret", "key-credentials")).data), ["theirs"]);
      await cluster.delete("Secret", "key-credentials");
      await cluster.untilCondition("AccessKey", "key", { status: "True" });
    },
  },
  {
    claim: "keys of somebody else block a rotation and are never deleted",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { name, pair } = await begin(stage, quickKeys(500));
      const theirs = await iam.createKey(name);
      await annotate(stage, { [ROTATE]: "now" });
      const waiting = await cluster.untilCondition("AccessKey", "key", {
        type: "RotationBlocked",
        status: "True",
        reason: "KeyLimitReached",
      });
      assert(conditionOf(waiting, "RotationBlocked").message.includes(theirs.id));
      assertEquals(conditionOf(waiting, "Ready").status, "True");
      assertEquals(
        (await iam.keys(name)).map(({ id }) => id).toSorted(),
        [
          pair.id,
          theirs.id,
        ].toSorted(),
      );
      await iam.deleteKey(name, theirs.id);
      await untilReplaced(stage, pair);
    },
  },
  {
    claim: "a key that somebody deleted is replaced; one that was switched off is not touched",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { name, pair } = await begin(stage, quickKeys(500));
      await iam.deleteKey(name, pair.id);
      const second = await untilReplaced(stage, pair);
      await iam.setActive(name, second.id, false);
      await cluster.untilCondition("AccessKey", "key", { status: "False", reason: "KeyDisabled" });
      assertEquals(await iam.keys(name), [{ id: second.id, active: false }]);
    },
  },
  {
    claim: "rotation on schedule replaces a key again and again, each in its time",
    run: async (stage) => {
      const { iam, cluster } = stage;
      const options = quickKeys(200);
      const { name, pair } = await begin(
        stage,
        { ...options, keyTiming: { ...options.keyTiming, dayMs: 1_500, inactiveMs: 100 } },
        { rotate: { enabled: true, intervalDays: 1, previousKeysRetentionDays: 0 } },
      );
      const second = await untilReplaced(stage, pair);
      const third = await untilReplaced(stage, second);
      assert(await iam.works(third));
      assert((await iam.keys(name)).length <= 2);
      assertExists((await cluster.get("AccessKey", "key")).status.nextRotateTime);
    },
  },
  {
    claim: "the predecessor's key is taken over with its Secret, and its overdue rotation waits",
    run: async (stage) => {
      const { cluster, iam, operate, provide, bucketName } = stage;
      const name = bucketName("user");
      const userId = await iam.createUser(name);
      const old = await iam.createKey(name);
      const older = await iam.createKey(name);
      const user = aUser("user", { name });
      user.metadata.annotations = { [ANNOTATION]: "{}" };
      const key = anAccessKey("key", { rotate: { enabled: true, intervalDays: 30 } });
      key.metadata.annotations = {
        [ANNOTATION]: "{}",
        "s3.cloud37.dev/previous-keys": JSON.stringify([older.id]),
      };
      await cluster.apply(user, key);
      await cluster.patchStatus("User", "user", { status: { userId, created: true } });
      await cluster.patchStatus("AccessKey", "key", {
        status: {
          accessKeyId: old.id,
          created: true,
          lastRotateTime: "2025-11-14T10:20:30.123456+00:00",
          nextRotateTime: "2025-12-14T10:20:30.123456+00:00",
        },
      });
      const { metadata } = await cluster.get("AccessKey", "key");
      const secret = aSecret("key-credentials", {
        "access-key-id": old.id,
        "secret-access-key": old.secret,
      });
      secret.metadata.ownerReferences = [{
        apiVersion: "s3.cloud37.dev/v1alpha1",
        kind: "AccessKey",
        name: "key",
        uid: metadata.uid,
        controller: true,
      }];
      await cluster.apply(secret);
      await operate();
      await provide();
      const taken = await cluster.untilCondition("AccessKey", "key", { status: "True" });
      assertEquals(taken.status.accessKeyId, old.id);
      assert(Date.parse(taken.status.nextRotateTime) > Date.now() + 60_000);
      assertEquals(await pairIn(stage, "key-credentials"), { id: old.id, secret: old.secret });
      assertEquals((await iam.keys(name)).length, 2);
      const replaced = taken.status.previousKeys.map((one: TestObject) => one.accessKeyId);
      assertEquals(replaced, [older.id]);
    },
  },
  {
    claim: "the Secret is shaped as the spec says, and moves with its name",
    run: async (stage) => {
      const { cluster } = stage;
      const shape = {
        labels: { app: "shop" },
        annotations: { note: "by us" },
        format: "rclone",
        data: { url: "https://{{accessKeyId}}@{{host}}/{{bucket}}" },
      };
      const { pair } = await begin(stage, {}, { secret: shape });
      const { data, metadata } = await cluster.get("Secret", "key-credentials");
      assert(atob(data["rclone.conf"]).includes(`secret_access_key = ${pair.secret}`));
      assert(atob(data.url).startsWith(`https://${pair.id}@127.0.0.1:`));
      assertEquals([metadata.labels.app, metadata.annotations.note], ["shop", "by us"]);
      await cluster.apply(anAccessKey("key", { secret: { name: "moved" } }));
      await cluster.untilGone("Secret", "key-credentials");
      assertEquals(await pairIn(stage, "moved"), pair);
      assertEquals((await cluster.get("Secret", "moved")).data["rclone.conf"], undefined);
    },
  },
  {
    claim: "two AccessKeys of one user get a key each, and neither takes the other's",
    run: async (stage) => {
      const { cluster, iam } = stage;
      const { name } = await begin(stage);
      await cluster.apply(anAccessKey("other"));
      await cluster.untilCondition("AccessKey", "other", { status: "True" });
      assertEquals((await iam.keys(name)).length, 2);
      await cluster.delete("AccessKey", "key");
      await cluster.untilGone("AccessKey", "key");
      const left = await pairIn(stage, "other-credentials");
      assertEquals((await iam.keys(name)).map(({ id }) => id), [left!.id]);
    },
  },
];
