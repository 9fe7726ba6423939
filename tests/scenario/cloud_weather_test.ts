/**
 * Bad weather between operator and storage service.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { aBucket, aSecret } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest, countWrites } from "./counts.ts";
import { embeddedTest } from "./embedded.ts";

embeddedTest(
  "a revoked key makes Provider and Buckets fall, and a restored one brings them back",
  async ({ cluster, operate, provide, bucketName, cloud }, { s3 }) => {
    await operate({ probeIntervalMs: 300, driftIntervalMs: 300 });
    await provide();
    await cluster.apply(aBucket("bucket", { name: bucketName("revoked") }));
    await cluster.untilCondition("Bucket", "bucket", { status: "True" });
    s3.state.setKeyStatus(cloud.endpoint.accessKeyId, "Inactive");
    await cluster.untilCondition("Provider", "provider", { status: "False", reason: "WrongKey" });
    const wanted = { status: "False", reason: "ProviderNotReady" };
    const fallen = await cluster.untilCondition("Bucket", "bucket", wanted);
    assertEquals(conditionOf(fallen, "ProviderNotReady").status, "True");
    s3.state.setKeyStatus(cloud.endpoint.accessKeyId, "Active");
    await cluster.untilCondition("Provider", "provider", { status: "True" });
    const healed = await cluster.untilCondition("Bucket", "bucket", { status: "True" });
    assertEquals(conditionOf(healed, "ProviderNotReady").status, "False");
  },
);

embeddedTest(
  "a key that may not list all buckets is proven by its signature",
  async ({ cluster, operate, provide, bucketName, cloud }, { s3 }) => {
    s3.state.removeKey(cloud.endpoint.accessKeyId);
    s3.state.addKey({ accountId: "100000200001", ...cloud.endpoint, denied: ["ListBuckets"] });
    await operate();
    await provide();
    const provider = await cluster.untilCondition("Provider", "provider", { status: "True" });
    assertStringIncludes(conditionOf(provider, "Ready").message, "spec.probe.bucket");
    await cluster.apply(aBucket("bucket", { name: bucketName("narrow") }));
    await cluster.untilCondition("Bucket", "bucket", { status: "True" });
  },
);

embeddedTest(
  "lock-out, clock skew, suspended accounts and silence have reasons of their own",
  async ({ cluster, operate, provide }, { s3 }) => {
    await operate({ probeIntervalMs: 200 });
    const cases = [
      { status: 403, code: "RequestTimeTooSkewed", reason: "ClockSkew" },
      { status: 403, code: "AccountProblem", reason: "AccountProblem" },
      { status: 403, code: "AuthenticationLockout", reason: "Lockout" },
    ];
    for (const { status, code, reason } of cases) {
      s3.faults.inject({ times: Infinity, effect: { kind: "error", status, code } });
      await provide({ iamRegion: `edit-${reason.toLowerCase()}` });
      await cluster.untilCondition("Provider", "provider", { status: "False", reason });
      s3.faults.clear();
    }
    s3.faults.inject({ times: Infinity, effect: { kind: "silence" } });
    await provide({ retry: { maxAttempts: 1 } });
    await cluster.untilCondition("Provider", "provider", { status: "False", reason: "Timeout" });
    s3.faults.clear();
    await cluster.untilCondition("Provider", "provider", { status: "True" });
  },
);

embeddedTest(
  "a creation whose answer was lost is recognised as our own",
  async ({ cluster, operate, provide, bucketName }, { s3 }) => {
    s3.faults.inject({ match: { operation: "CreateBucket" }, effect: { kind: "lostAnswer" } });
    await operate();
    await provide();
    await cluster.apply(aBucket("bucket", { name: bucketName("lost") }));
    const bucket = await cluster.untilCondition("Bucket", "bucket", { status: "True" });
    assertEquals(bucket.status.ownership, "Created");
    assertEquals(s3.requests.of("CreateBucket").length, 1);
  },
);

embeddedTest(
  "a name that another customer has is told, and nothing is claimed",
  async ({ cluster, operate, provide, bucketName }, { s3 }) => {
    s3.faults.inject({
      match: { operation: "CreateBucket" },
      times: Infinity,
      effect: { kind: "error", status: 409, code: "BucketAlreadyExists" },
    });
    await operate();
    await provide();
    await cluster.apply(aBucket("bucket", { name: bucketName("taken") }));
    const wanted = { status: "False", reason: "BucketNameTaken" };
    const bucket = await cluster.untilCondition("Bucket", "bucket", wanted);
    assertEquals(conditionOf(bucket, "CreationFailed").status, "True");
    assertEquals(bucket.status.ownership, undefined);
  },
);

embeddedTest(
  "a feature that the service lacks is listed and leaves the Bucket Ready",
  async ({ cluster, operate, provide, bucketName }, { s3 }) => {
    s3.faults.inject({
      match: { operation: /BucketTagging$/ },
      times: Infinity,
      effect: { kind: "error", status: 405, code: "MethodNotAllowed" },
    });
    await operate();
    await provide();
    await cluster.apply(aBucket("bucket", {
      name: bucketName("lacking"),
      versioning: { enabled: true },
      tagging: { tags: { a: "b" } },
    }));
    const bucket = await cluster.untilCondition("Bucket", "bucket", { status: "True" });
    assertStringIncludes(conditionOf(bucket, "FeatureUnsupported").message, "spec.tagging");
    assertEquals(conditionOf(bucket, "Synced").status, "False");
  },
);

embeddedTest(
  "an exhausted request budget holds no worker and is no failure",
  async ({ cluster, operate, provide, bucketName }) => {
    const operator = await operate();
    await provide({ rateLimit: { s3: { requestsPerSecond: 20, burst: 5 } } });
    const names = Array.from({ length: 8 }, (_, index) => `bucket-${index}`);
    await cluster.apply(...names.map((name) => aBucket(name, { name: bucketName(name) })));
    for (const name of names) await cluster.untilCondition("Bucket", name, { status: "True" });
    const { values } = await operator.metrics.reconcileErrors.get();
    assertEquals(values.filter(({ value }) => value > 0), []);
    const hits = await operator.metrics.predecessor.rateLimitHits.get();
    assert(hits.values.some(({ value }) => value > 0));
  },
);

embeddedTest(
  "an outage of the service is told once, by the Provider, and ends by itself",
  async ({ cluster, operate, provide, bucketName }, { s3 }) => {
    const operator = await operate({ driftIntervalMs: 300, probeIntervalMs: 300 });
    await provide();
    const names = ["one", "two", "three"];
    await cluster.apply(...names.map((name) => aBucket(name, { name: bucketName(name) })));
    for (const name of names) await cluster.untilCondition("Bucket", name, { status: "True" });
    s3.faults.inject({ times: Infinity, effect: { kind: "reset" } });
    const lost = { status: "False", reason: "ConnectionLost" };
    await cluster.untilCondition("Provider", "provider", lost);
    for (const name of names) {
      await cluster.untilCondition("Bucket", name, { status: "False", reason: "ProviderNotReady" });
    }
    const before = await countsAtRest(operator);
    s3.requests.clear();
    await eventually(() => assert(s3.requests.entries.length >= 4));
    const heads = s3.requests.entries.filter(({ operation }) => operation !== "ListBuckets");
    assertEquals(heads, [], "only the Provider's own probe is sent");
    assertEquals((await countWrites(operator)).kube, before.kube);
    s3.faults.clear();
    for (const name of names) await cluster.untilCondition("Bucket", name, { status: "True" });
  },
);

embeddedTest(
  "a Provider that moves to another service takes no bucket of the same name there",
  async ({ cluster, operate, provide, bucketName }) => {
    const name = bucketName("moved");
    const elsewhere = await startSandboxS3({ clock: systemClock });
    try {
      elsewhere.state.createBucket(name);
      elsewhere.state.putObject(name, "of somebody else");
      await operate({ driftIntervalMs: 200 });
      await provide();
      const spec = { name, deletionPolicy: "Delete", forceDelete: true };
      await cluster.apply(aBucket("bucket", { ...spec, tagging: { tags: { of: "us" } } }));
      await cluster.untilCondition("Bucket", "bucket", { status: "True" });
      await cluster.apply(aSecret("credentials", {
        "access-key": elsewhere.accessKeyId,
        "secret-key": elsewhere.secretAccessKey,
      }));
      await cluster.patch("Provider", "provider", { spec: { endpoint: elsewhere.url } });
      const wanted = { status: "False", reason: "ProviderMoved" };
      const moved = await cluster.untilCondition("Bucket", "bucket", wanted);
      assertStringIncludes(conditionOf(moved, "Ready").message, "spec.adoptionPolicy: Adopt");
      await cluster.delete("Bucket", "bucket");
      await cluster.untilCondition("Bucket", "bucket", wanted);
      assertEquals(elsewhere.state.buckets.get(name)?.objects.size, 1);
      assertEquals(elsewhere.state.buckets.get(name)?.tags, undefined);
      await cluster.patch("Bucket", "bucket", { spec: { deletionPolicy: "Retain" } });
      await cluster.untilGone("Bucket", "bucket");
    } finally {
      await elsewhere.stop();
    }
  },
);
