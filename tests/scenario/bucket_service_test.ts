/**
 * What Buckets say about a service that lacks a feature, keeps other values than the ones that
 * were written, or had its bucket from the predecessor.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { SandboxS3 } from "../../src/sandbox/s3/server.ts";
import { aBucket } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countWrites } from "./counts.ts";
import { embeddedTest } from "./embedded.ts";

const ENCRYPTED = { encryption: { enabled: true } };

embeddedTest(
  "a field that the service lacks is told with words of its own, and the rest is applied",
  async ({ cluster, cloud, operate, provide, bucketName }, { s3 }) => {
    const name = bucketName("lacking");
    await operate({ driftIntervalMs: 200 });
    await provide();
    await cluster.apply(aBucket("lacking", { name, ...ENCRYPTED, tagging: { tags: { a: "1" } } }));
    const bucket = await cluster.untilCondition("Bucket", "lacking", { status: "True" });
    assertEquals(await cloud.tags(name), { a: "1" });
    assertEquals(conditionOf(bucket, "Synced").reason, "FeatureUnsupported");
    const { message } = conditionOf(bucket, "FeatureUnsupported");
    assertStringIncludes(message, "spec.encryption (Wasabi encrypts every object with AES-256");
    await eventually(async () => {
      const provider = await cluster.get("Provider", "provider");
      const entry = provider?.status.capabilities.find(
        ({ feature }: { feature: string }) => feature === "encryption",
      );
      assertEquals([entry?.state, entry?.evidence], ["Unsupported", "Answered"]);
    });
    // What is known to be lacking is not asked for at each comparison.
    s3.requests.clear();
    await eventually(() => assert(s3.requests.of("HeadBucket").length >= 3));
    assertEquals(s3.requests.of("GetBucketEncryption"), []);
  },
);

embeddedTest(
  "a field in requiredFeatures that the service lacks keeps the Bucket from being Ready",
  async ({ cluster, operate, provide, bucketName }) => {
    await operate();
    await provide();
    const name = bucketName("required");
    await cluster.apply(aBucket("required", { name, ...ENCRYPTED, requiredFeatures: ["cors"] }));
    await cluster.untilCondition("Bucket", "required", { status: "True" });
    await cluster.patch("Bucket", "required", { spec: { requiredFeatures: ["encryption"] } });
    const wanted = { status: "False", reason: "FeatureUnsupported" };
    const bucket = await cluster.untilCondition("Bucket", "required", wanted);
    assertStringIncludes(conditionOf(bucket, "Ready").message, "spec.requiredFeatures");
    assertEquals(conditionOf(bucket, "Stalled").status, "True");
  },
);

embeddedTest(
  "a required feature that a documented service lacks in part is told without a call",
  async ({ cluster, operate, provide, bucketName }, { s3 }) => {
    await operate();
    await provide();
    const rules = [{
      id: "archive",
      expiration: { days: 400 },
      transitions: [{ days: 100, storageClass: "GLACIER" }],
    }];
    const spec = { name: bucketName("archive"), lifecycle: { rules } };
    await cluster.apply(aBucket("archive", spec));
    const bucket = await cluster.untilCondition("Bucket", "archive", { status: "True" });
    assertStringIncludes(
      conditionOf(bucket, "FeatureUnsupported").message,
      "Wasabi has one storage class",
    );
    const stored = JSON.stringify(s3.state.buckets.get(spec.name)?.settings.get("lifecycle"));
    assertStringIncludes(stored, "400");
    assertEquals(stored.includes("GLACIER"), false);
    await cluster.patch("Bucket", "archive", {
      spec: { requiredFeatures: ["lifecycle.transitions"] },
    });
    const wanted = { status: "False", reason: "FeatureUnsupported" };
    await cluster.untilCondition("Bucket", "archive", wanted);
  },
);

embeddedTest(
  "a value that the service keeps changing as it stores it is given up after three writes",
  async ({ cluster, operate, provide, bucketName }, { s3 }) => {
    const name = bucketName("normal");
    const operator = await operate({ driftIntervalMs: 200 });
    await provide();
    await cluster.apply(aBucket("normal", { name }));
    await cluster.untilCondition("Bucket", "normal", { status: "True" });
    upperCaseTags(s3, name);
    s3.requests.clear();
    await cluster.patch("Bucket", "normal", { spec: { tagging: { tags: { a: "quiet" } } } });
    const wanted = { status: "False", reason: "ServerNormalisesDifferently" };
    const bucket = await cluster.untilCondition("Bucket", "normal", wanted);
    assertStringIncludes(
      conditionOf(bucket, "Ready").message,
      'spec.tagging.tags.a is "QUIET" instead of "quiet"',
    );
    assertEquals(bucket.status.drift.differences[0].action, "NotAccepted");
    assertEquals(s3.requests.of("PutBucketTagging").length, 3);
    const { passes } = await countWrites(operator);
    await eventually(async () => assert((await countWrites(operator)).passes >= passes + 3));
    assertEquals(s3.requests.of("PutBucketTagging").length, 3);
    await cluster.patch("Bucket", "normal", { spec: { tagging: { tags: { a: "QUIET" } } } });
    const good = await cluster.untilCondition("Bucket", "normal", { status: "True" });
    assertEquals(good.status.unsettled, undefined);
  },
);

/** A service that stores the values of tags in capital letters. */
function upperCaseTags({ state }: SandboxS3, name: string): void {
  const bucket = state.buckets.get(name)!;
  let tags = bucket.tags;
  Object.defineProperty(bucket, "tags", {
    get: () => tags,
    set: (wanted: typeof tags) => {
      tags = wanted?.map(({ key, value }) => ({ key, value: value.toUpperCase() }));
    },
  });
}
