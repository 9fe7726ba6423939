/**
 * Every call of a BucketPolicy's life fails in turn, or is the last one of its operator: no
 * statement is lost, none stays behind, and Ready is never said of what is not there.
 *
 * The calls are not listed here: a first life without faults counts them.
 */
import { assert, assertEquals } from "@std/assert";
import type { FaultEffect } from "../../src/sandbox/s3/faults.ts";
import type { Operator } from "../../src/operator.ts";
import { aBucket, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { aBucketPolicy } from "./bucket_policies.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import { play, type Stage } from "./stage.ts";

interface Weather {
  readonly effect: FaultEffect;
  /** The operator dies at that call, and another one goes on. */
  readonly kills: boolean;
}

const WEATHER: readonly (readonly [string, Weather])[] = [
  ["answered by 500", {
    effect: { kind: "error", status: 500, code: "InternalError" },
    kills: false,
  }],
  ["answered by 403", {
    effect: { kind: "error", status: 403, code: "AccessDenied" },
    kills: false,
  }],
  ["carried out, its answer lost", { effect: { kind: "lostAnswer" }, kills: false }],
  ["not carried out, as its operator dies", { effect: { kind: "reset" }, kills: true }],
  ["carried out while its operator dies", { effect: { kind: "lostAnswer" }, kills: true }],
];

const POLICY_CALL = /^(Get|Put|Delete)BucketPolicy$/;

for (const [label, weather] of WEATHER) {
  Deno.test(`each call of a BucketPolicy's life ${label}: nothing lost, nothing left`, () =>
    withEmbedded(async (embedded) => {
      const calls = await countCalls(embedded);
      assert(calls >= 9, `only ${calls} calls were counted`);
      for (let index = 0; index < calls; index++) {
        await play(embedded.theatre, {
          claim: `call ${index} ${label}`,
          run: (stage) => liveThrough(stage, embedded, { weather, index }),
        });
      }
    }));
}

/** The policy calls of a life without faults. */
async function countCalls(embedded: Embedded): Promise<number> {
  let calls = 0;
  await play(embedded.theatre, {
    claim: "a life without faults",
    run: async (stage) => {
      await prepare(stage, embedded);
      embedded.s3.requests.clear();
      await live(stage, embedded);
      calls = embedded.s3.requests.entries
        .filter(({ operation }) => POLICY_CALL.test(operation ?? "")).length;
    },
  });
  return calls;
}

const INTERVALS = { driftIntervalMs: 300, probeIntervalMs: 300 };

/** A Ready Bucket, on whose bucket somebody else has put a statement. */
async function prepare(stage: Stage, { s3 }: Embedded): Promise<Operator> {
  const { cluster } = stage;
  const name = stage.bucketName("life");
  const operator = await stage.operate(INTERVALS);
  await stage.provide({ retry: { maxAttempts: 1 } });
  await cluster.apply(aBucket("logs", { name, autoManage: { enabled: false } }));
  await cluster.untilCondition("Bucket", "logs", { status: "True" });
  const theirs = statement(name, "Theirs");
  const text = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Sid: theirs.sid,
      Effect: theirs.effect,
      Principal: theirs.principal,
      Action: theirs.action,
      Resource: theirs.resource,
    }],
  });
  s3.state.buckets.get(name)!.policy = { text, document: { hasVariables: true, statements: [] } };
  return operator;
}

function statement(bucket: string, sid: string): TestObject {
  const resource = `arn:aws:s3:::${bucket}/${sid}/*`;
  return { sid, effect: "Allow", principal: "*", action: "s3:GetObject", resource };
}

/** Made, edited and deleted. */
async function live({ cluster, bucketName }: Stage, embedded: Embedded): Promise<void> {
  const name = bucketName("life");
  const spec = { adoptionPolicy: "Adopt" };
  for (const sid of ["One", "Two"]) {
    await cluster.apply(aBucketPolicy("life", [statement(name, sid)], spec));
    await cluster.untilCondition("BucketPolicy", "life", { status: "True" });
    assertEquals(namesOn(embedded, name), ["Theirs", sid]);
  }
  await cluster.delete("BucketPolicy", "life");
  await cluster.untilGone("BucketPolicy", "life");
  assertEquals(namesOn(embedded, name), ["Theirs"]);
}

function namesOn({ s3 }: Embedded, bucket: string): readonly string[] {
  const text = s3.state.buckets.get(bucket)?.policy?.text ?? '{"Statement":[]}';
  return JSON.parse(text).Statement.map(({ Sid }: TestObject) => Sid);
}

async function liveThrough(
  stage: Stage,
  embedded: Embedded,
  { weather, index }: { readonly weather: Weather; readonly index: number },
): Promise<void> {
  const { s3 } = embedded;
  const operator = await prepare(stage, embedded);
  const stop = new AbortController();
  const watching = watchForLies(stage, embedded, stop.signal);
  s3.faults.inject({
    match: { operation: POLICY_CALL, bucket: stage.bucketName("life") },
    after: index,
    effect: weather.effect,
  });
  const life = live(stage, embedded);
  await eventually(() => assertEquals(s3.faults.pending, 0));
  if (weather.kills) {
    await operator.stop(0);
    await stage.operate(INTERVALS);
  }
  await life;
  stop.abort();
  assertEquals(await watching, undefined);
}

/**
 * Theirs is always there, and so is what the object says Ready of.
 *
 * @returns the first lie, if there was one
 */
async function watchForLies(
  { cluster, bucketName }: Stage,
  embedded: Embedded,
  stop: AbortSignal,
): Promise<string | undefined> {
  while (!stop.aborted) {
    const object = await cluster.get("BucketPolicy", "life");
    const names = namesOn(embedded, bucketName("life"));
    if (!names.includes("Theirs")) return "The foreign statement is lost";
    const ready = conditionOf(object, "Ready");
    const current = ready?.observedGeneration === object?.metadata.generation;
    const sid = object?.spec.policy.statement[0].sid;
    const isLie = ready?.status === "True" && current && !names.includes(sid);
    if (isLie && object.metadata.deletionTimestamp === undefined) return `Ready without ${sid}`;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
