/**
 * The operator dies at every call of the life of a User and its AccessKey, to the API server and
 * to the service, before the call or after it. Another one goes on, and each time there is exactly
 * one current key, it works, it is in the Secret, no key is unrecorded, and the old one stays
 * valid through the overlap.
 *
 * The calls are not listed here: a first life without a death counts them.
 */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { OperatorOptions } from "../../src/operator/options.ts";
import { anAccessKey, aUser, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { Cord, type Cut, startCordProxy } from "../support/cord.ts";
import { eventually } from "../support/eventually.ts";
import { pairIn, quickKeys, type SecretPair } from "./access_keys.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import { play, type Stage } from "./stage.ts";

/** What happens after User and AccessKey are Ready, until all is deleted. */
interface Life {
  readonly label: string;
  readonly overlapMs: number;
  /** Fewer calls would mean that they were not counted. */
  readonly leastCalls: number;
  readonly run: (stage: Stage, name: string, cord: Cord) => Promise<void>;
}

const ROTATE = "s3.cloud37.dev/rotate-requested-at";

const LIVES: readonly Life[] = [
  { label: "made, rotated and deleted", overlapMs: 60_000, leastCalls: 40, run: rotate },
  { label: "retired and deleted", overlapMs: 300, leastCalls: 20, run: retire },
];

for (const life of LIVES) {
  for (const carriedOut of [false, true]) {
    const moment = carriedOut ? "after" : "before";
    Deno.test(`the operator dies ${moment} each call of a key that is ${life.label}`, () =>
      withEmbedded(async (embedded) => {
        const calls = await liveThrough(embedded, { life });
        assert(calls.length >= life.leastCalls, `only ${calls.length} calls: ${calls.join(", ")}`);
        for (let index = 0; index < calls.length; index++) {
          const cut: Cut = { index, carriedOut };
          // One life after the other: they share the machine.
          // deno-lint-ignore no-await-in-loop
          await liveThrough(embedded, { life, cut, name: calls[index]! });
        }
      }));
  }
}

/** Plays one life, and returns the calls that it took. */
async function liveThrough(
  embedded: Embedded,
  { life, cut, name = "none" }: {
    readonly life: Life;
    readonly cut?: Cut;
    readonly name?: string;
  },
): Promise<readonly string[]> {
  const cord = new Cord(cut);
  const admin = embedded.s3.accessKeyId;
  const s3 = await startCordProxy(embedded.s3.url, {
    cord,
    // The Provider's own tries are no part of the life.
    nameOf: ({ line }) => line.includes(admin) ? undefined : "tried key",
  });
  const iam = await startCordProxy(embedded.iam.url, {
    cord,
    nameOf: ({ body }) => new URLSearchParams(body).get("Action") ?? "unknown",
  });
  const options: Partial<OperatorOptions> = {
    ...quickKeys(life.overlapMs),
    driftIntervalMs: 500,
    fetch: cord.fetch,
  };
  try {
    await play(embedded.theatre, {
      claim: `dies at call ${cut?.index} (${name})`,
      run: async (stage) => {
        const operator = await stage.operate(options);
        await stage.provide({
          endpoint: s3.url,
          iamEndpoint: iam.url,
          retry: { maxAttempts: 1 },
        });
        await stage.cluster.untilCondition("Provider", "provider", { status: "True" });
        const living = live(stage, life, cord).then(() => cord.mend());
        if (cut !== undefined) {
          await Promise.race([cord.cutOff, living]);
          await operator.stop(0);
          cord.mend();
          await stage.operate(options);
        }
        await living.catch((error: Error) => {
          throw new Error(`Died at call ${cut?.index}, ${name}: ${error.message}`, {
            cause: error,
          });
        });
      },
    });
  } finally {
    await s3.stop();
    await iam.stop();
  }
  return cord.calls;
}

async function live(stage: Stage, life: Life, cord: Cord): Promise<void> {
  const { cluster, iam, bucketName } = stage;
  const name = bucketName("app");
  const policy = { statement: [{ effect: "Allow", action: ["s3:*"], resource: ["*"] }] };
  if (life.run === rotate) cord.count();
  await cluster.apply(aUser("user", { name, policy }), anAccessKey("key"));
  await life.run(stage, name, cord);
  await cluster.delete("AccessKey", "key");
  await cluster.untilGone("AccessKey", "key");
  assertEquals(await iam.keys(name), [], "no key is left");
  await cluster.delete("User", "user");
  await cluster.untilGone("User", "user");
  assertEquals(await iam.userId(name), undefined, "no user is left");
}

async function rotate(stage: Stage, name: string): Promise<void> {
  const first = await untilSettled(stage, name);
  await stage.cluster.patch("AccessKey", "key", {
    metadata: { annotations: { [ROTATE]: "now" } },
  });
  const second = await untilSettled(stage, name, first);
  assert(await stage.iam.works(second), "the new key works");
  assert(await stage.iam.works(first), "the old key is valid through the overlap");
  assertEquals((await stage.iam.keys(name)).length, 2);
}

/** Counts from the rotation on: what comes before is the other life. */
async function retire(stage: Stage, name: string, cord: Cord): Promise<void> {
  const first = await untilSettled(stage, name);
  await stage.cluster.patch("AccessKey", "key", {
    metadata: { annotations: { [ROTATE]: "now" } },
  });
  const second = await untilSettled(stage, name, first);
  cord.count();
  await eventually(async () => {
    assertEquals(await stage.iam.keys(name), [{ id: second.id, active: true }]);
    const secrets = await stage.cluster.list("Secret");
    const names = secrets.map(({ metadata }: TestObject) => metadata.name).toSorted();
    assertEquals(names, ["credentials", "key-credentials"], "no Secret is left over");
  });
}

/** The key is Ready, is another one than `former`, and every key of the user is recorded. */
async function untilSettled(
  stage: Stage,
  name: string,
  former?: SecretPair,
): Promise<SecretPair> {
  return await eventually(async () => {
    const key = await stage.cluster.get("AccessKey", "key");
    const pair = await pairIn(stage, "key-credentials");
    assertEquals(conditionOf(key, "Ready")?.status, "True", JSON.stringify(key.status));
    assertNotEquals(pair?.id, former?.id);
    assertEquals(key.status.accessKeyId, pair?.id, "the Secret holds the current key");
    assertEquals(key.status.creation, undefined);
    const recorded = [
      key.status.accessKeyId,
      ...(key.status.previousKeys ?? []).map((one: TestObject) => one.accessKeyId),
    ];
    const listed = (await stage.iam.keys(name)).map(({ id }) => id);
    assertEquals(listed.filter((id) => !recorded.includes(id)), [], "no key is unrecorded");
    assert(await stage.iam.works(pair!), "the current key works");
    return pair!;
  });
}
