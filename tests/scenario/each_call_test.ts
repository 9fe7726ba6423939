/**
 * No path by which a failed provider call ends with Ready=True: every call of a Bucket's life
 * fails in turn, in several ways, and the life must show it, lose nothing, and recover.
 *
 * The calls are not listed here: a first life without faults counts them.
 */
import { assert, assertEquals } from "@std/assert";
import type { FaultEffect } from "../../src/sandbox/s3/faults.ts";
import type { Bucket as StoredBucket } from "../../src/sandbox/s3/bucket.ts";
import { aBucket, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import { play, type Stage } from "./stage.ts";

const EFFECTS: readonly (readonly [string, FaultEffect])[] = [
  ["500", { kind: "error", status: 500, code: "InternalError" }],
  ["403", { kind: "error", status: 403, code: "AccessDenied" }],
  ["reset", { kind: "reset" }],
  ["lost answer", { kind: "lostAnswer" }],
];

/** Calls of the Provider's own probe, and of the test. */
const OTHERS = /^(ListBuckets|PutObject|CreateMultipartUpload)$/;

for (const [label, effect] of EFFECTS) {
  Deno.test(`each provider call of a Bucket's life answered by ${label} is told and survived`, () =>
    withEmbedded(async (embedded) => {
      const calls = await countCalls(embedded);
      assert(calls >= 60, `only ${calls} calls were counted`);
      for (let index = 0; index < calls; index++) {
        await play(embedded.theatre, {
          claim: `call ${index} fails by ${label}`,
          run: (stage) => liveWithFault(stage, embedded, { effect, index }),
        });
      }
    }));
}

/** A life without faults, from apply to gone; the Provider's own probe is not part of it. */
async function countCalls(embedded: Embedded): Promise<number> {
  let calls = 0;
  await play(embedded.theatre, {
    claim: "a life without faults",
    run: async (stage) => {
      await prepare(stage, embedded);
      embedded.s3.requests.clear();
      await live(stage, embedded);
      calls = embedded.s3.requests.entries
        .filter(({ operation }) => !OTHERS.test(operation ?? "")).length;
    },
  });
  return calls;
}

async function prepare(stage: Stage, { s3 }: Embedded): Promise<void> {
  s3.state.lacking.clear();
  s3.state.createBucket(stage.bucketName("logs"));
  await stage.operate({ driftIntervalMs: 300, probeIntervalMs: 300 });
  await stage.provide({ type: "aws", retry: { maxAttempts: 1 } });
  await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
}

async function live(stage: Stage, { s3 }: Embedded): Promise<void> {
  const { cluster } = stage;
  const name = stage.bucketName("life");
  await cluster.apply(aBucket("life", specOf(stage, "one")));
  await cluster.untilCondition("Bucket", "life", { status: "True" });
  // Before there is a default retention, which would lock it.
  s3.state.putObject(name, "object");
  await stage.cloud.beginUpload(name, "half");
  await cluster.apply(aBucket("life", specOf(stage, "two")));
  await cluster.untilCondition("Bucket", "life", { status: "True" });
  await cluster.delete("Bucket", "life");
  await cluster.untilGone("Bucket", "life");
}

type Step = "one" | "two";

/** Every setting, with a value that tells the step. */
function specOf(stage: Stage, step: Step): Record<string, unknown> {
  const first = step === "one";
  return {
    name: stage.bucketName("life"),
    deletionPolicy: "Delete",
    forceDelete: true,
    versioning: { enabled: true },
    tagging: { tags: { step } },
    encryption: { enabled: true, algorithm: "aws:kms", kmsKeyId: `key-${step}` },
    publicAccess: { blockPublicAcls: first },
    ownership: { objectOwnership: first ? "BucketOwnerPreferred" : "ObjectWriter" },
    lifecycle: { rules: [{ id: `rule-${step}`, expiration: { days: 400 } }] },
    cors: { rules: [{ allowedOrigins: [`https://${step}.example`], allowedMethods: ["GET"] }] },
    objectLock: {
      enabled: true,
      ...(first ? {} : { defaultRetention: { mode: "GOVERNANCE", days: 2 } }),
    },
    logging: { targetBucket: stage.bucketName("logs"), targetPrefix: `${step}/` },
    replication: {
      role: `arn:aws:iam::000000000000:role/${step}`,
      rules: [{ id: "all", priority: 1, destination: { bucket: "arn:aws:s3:::elsewhere" } }],
    },
    requestPayer: { payer: first ? "Requester" : "BucketOwner" },
  };
}

/** What the service must have for each step: text that its stored document holds. */
const TRUTH: Readonly<Record<string, Readonly<Record<Step, string>>>> = {
  encryption: { one: "key-one", two: "key-two" },
  publicAccessBlock: { one: '"BlockPublicAcls":"true"', two: '"BlockPublicAcls":"false"' },
  ownershipControls: { one: "BucketOwnerPreferred", two: "ObjectWriter" },
  lifecycle: { one: "rule-one", two: "rule-two" },
  cors: { one: "one.example", two: "two.example" },
  logging: { one: "one/", two: "two/" },
  replication: { one: "role/one", two: "role/two" },
  requestPayment: { one: "Requester", two: "BucketOwner" },
};

async function liveWithFault(
  stage: Stage,
  embedded: Embedded,
  fault: { readonly effect: FaultEffect; readonly index: number },
): Promise<void> {
  const { s3 } = embedded;
  await prepare(stage, embedded);
  const stop = new AbortController();
  const watching = watchForFalseGreen(stage, embedded, stop.signal);
  s3.faults.inject({
    match: { operation: new RegExp(`^(?!${OTHERS.source.slice(1)})`) },
    after: fault.index,
    times: Infinity,
    effect: fault.effect,
  });
  const life = live(stage, embedded);
  await eventually(() => showsFailure(stage));
  s3.faults.clear();
  await life;
  stop.abort();
  assertEquals(await watching, undefined);
  assertEquals(s3.state.buckets.get(stage.bucketName("life")), undefined, "nothing is left behind");
}

/** The object says that it is not well, or it is held by its finalizer with its bucket there. */
async function showsFailure({ cluster }: Stage): Promise<void> {
  const object = await cluster.get("Bucket", "life");
  const ready = conditionOf(object, "Ready");
  assertEquals(ready?.status, "False");
  assert(!["Pending", "Emptying", "Deleting"].includes(ready.reason), ready.reason);
  assertEquals(object.metadata.finalizers, ["s3.cloud37.dev/finalizer"]);
}

/**
 * Whenever the object says Ready for its present spec, the cloud must really be so.
 *
 * @returns the first lie, if there was one
 */
async function watchForFalseGreen(
  stage: Stage,
  embedded: Embedded,
  stop: AbortSignal,
): Promise<string | undefined> {
  while (!stop.aborted) {
    const object = await stage.cluster.get("Bucket", "life");
    const lie = lieOf(object, embedded.s3.state.buckets.get(stage.bucketName("life")));
    if (lie !== undefined) {
      // The cloud may have moved on since the object was read; then the object has, too.
      const again = await stage.cluster.get("Bucket", "life");
      if (again?.metadata.resourceVersion === object.metadata.resourceVersion) return lie;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function lieOf(object: TestObject | undefined, bucket: StoredBucket | undefined) {
  const ready = conditionOf(object, "Ready");
  const current = ready?.observedGeneration === object?.metadata.generation;
  const deleting = object?.metadata.deletionTimestamp !== undefined;
  if (ready?.status !== "True" || !current || deleting) return undefined;
  if (bucket === undefined) return "Ready without a bucket";
  if (bucket.versioning !== "Enabled") return "Ready without versioning";
  const step: Step = object.spec.tagging.tags.step;
  const tag = bucket.tags?.find(({ key }) => key === "step")?.value;
  if (tag !== step) return `Ready with tag ${tag} instead of ${step}`;
  if (bucket.objectLock?.days !== (step === "one" ? undefined : 2)) {
    return "Ready with another retention";
  }
  const wrong = Object.keys(TRUTH).find((setting) =>
    !JSON.stringify(bucket.settings.get(setting) ?? "absent").includes(TRUTH[setting]![step])
  );
  return wrong && `Ready with another ${wrong}: ${JSON.stringify(bucket.settings.get(wrong))}`;
}
