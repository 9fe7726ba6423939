/**
 * Every IAM call of an IAMPolicy's life fails in turn, or is the last one of its operator: one
 * policy, never two, and none in the end.
 *
 * The calls are not listed here: a first life without faults counts them.
 */
import { assert, assertEquals } from "@std/assert";
import { ManagedPolicyAdmin } from "../support/managed_policy_admin.ts";
import { eventually } from "../support/eventually.ts";
import { type IamFate, startIamProxy } from "../support/iam_proxy.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import { anIAMPolicy } from "./iam_policies.ts";
import { play, type Stage } from "./stage.ts";

interface Weather {
  readonly fate: IamFate;
  /** The operator dies at that call, and another one goes on. */
  readonly kills: boolean;
}

const WEATHER: readonly (readonly [string, Weather])[] = [
  ["answered by 500", { fate: "error", kills: false }],
  ["carried out, its answer lost", { fate: "lostAnswer", kills: false }],
  ["not carried out, as its operator dies", { fate: "error", kills: true }],
  ["carried out while its operator dies", { fate: "lostAnswer", kills: true }],
];

const KIND = "IAMPolicy";
const INTERVALS = { driftIntervalMs: 300, probeIntervalMs: 300 };

for (const [label, weather] of WEATHER) {
  Deno.test(`each call of an IAMPolicy's life ${label}: one policy, and none in the end`, () =>
    withEmbedded(async (embedded) => {
      const calls = await liveThrough(embedded, { claim: "a life without faults" });
      assert(calls >= 12, `only ${calls} calls were counted`);
      for (let index = 0; index < calls; index++) {
        await liveThrough(embedded, { claim: `call ${index} ${label}`, fault: { weather, index } });
      }
    }));
}

/** Plays one life, and returns how many calls it took. */
async function liveThrough(
  embedded: Embedded,
  { claim, fault }: {
    readonly claim: string;
    readonly fault?: { readonly weather: Weather; readonly index: number };
  },
): Promise<number> {
  let calls = 0;
  let hasMet = false;
  const proxy = await startIamProxy(embedded.iam.url, () => {
    const isMet = fault !== undefined && calls++ === fault.index;
    if (fault === undefined) calls++;
    hasMet ||= isMet;
    return isMet ? fault.weather.fate : "passes";
  });
  try {
    await play(embedded.theatre, {
      claim,
      run: async (stage) => {
        const operator = await stage.operate(INTERVALS);
        await stage.provide({ iamEndpoint: proxy.url, retry: { maxAttempts: 1 } });
        const life = live(stage, embedded);
        if (fault?.weather.kills) {
          await eventually(() => assert(hasMet));
          await operator.stop(0);
          await stage.operate(INTERVALS);
        }
        await life;
      },
    });
  } finally {
    await proxy.stop();
  }
  return calls;
}

/** Made, edited and deleted. */
async function live({ cluster, theatre }: Stage, { iam }: Embedded): Promise<void> {
  const admin = new ManagedPolicyAdmin({ ...theatre.cloud, iamUrl: iam.url });
  try {
    const arns = new Set<string>();
    for (const bucket of ["one", "two"]) {
      await cluster.apply(anIAMPolicy("life", bucket));
      const { status } = await cluster.untilCondition(KIND, "life", { status: "True" });
      assertEquals(status.ownership, "Created");
      arns.add(status.policyArn);
      const document = await admin.document(status.policyArn);
      assertEquals([document.Statement[0].Resource].flat(), [`arn:aws:s3:::${bucket}/*`]);
      assert((await admin.versions(status.policyArn)).length <= 3);
    }
    await cluster.delete(KIND, "life");
    await cluster.untilGone(KIND, "life");
    assertEquals(arns.size, 1);
    for (const arn of arns) assertEquals(await admin.document(arn), undefined);
  } finally {
    admin.close();
  }
}
