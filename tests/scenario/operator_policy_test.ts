/**
 * The documented IAM policy of the operator's own key is enough, set by set, and each of its
 * actions is needed. The embedded service judges every call by it.
 */
import { assert, assertEquals } from "@std/assert";
import type { Operator } from "../../src/operator.ts";
import { conditionsOf } from "../../src/control/status.ts";
import { iamRightFor, rightFor } from "../../src/wasabi/rights.ts";
import { operatorRequests } from "../conformance/operator_requests.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import {
  actionsIn,
  lifeOptions,
  lives,
  type OperatorStatement,
  operatorStatements,
  withOperatorKey,
  withoutAction,
} from "./operator_policy.ts";
import { play, type Theatre } from "./stage.ts";

type Life = typeof lives[number];

/** A key that lists no buckets is Ready all the same; and the keys that are made are tried so. */
const OPTIONAL = "s3:ListAllMyBuckets";

/**
 * Versions are deleted one by one by the right for versions; AWS asks for this one all the same.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html, "Permissions"
 */
const DOCUMENTED = "s3:DeleteObject";

/** Actions of a service that the embedded one is not: one with groups, consoles and user tags. */
const ELSEWHERE = ["UserTags", "UserSurroundings"];

/** Actions that an operator asked for, and those of them that it was refused. */
async function asked({ metrics }: Operator): Promise<{ used: string[]; refused: string[] }> {
  const { values } = await metrics.providerRequests.get();
  const calls = values.flatMap(({ labels: { operation, code } }) =>
    rightsFor(String(operation)).map((action) => ({ action, code }))
  ).filter(({ action }) => action !== OPTIONAL);
  return {
    used: calls.map(({ action }) => action),
    refused: calls.filter(({ code }) => code === "AccessDenied").map(({ action }) => action),
  };
}

/** Actions of an operation of either API. */
function rightsFor(operation: string): readonly string[] {
  if (operatorRequests.iam.includes(operation)) return [iamRightFor(operation)];
  return rightFor(operation).split(" and ").filter((action) => action.startsWith("s3:"));
}

let users = 0;

/** Lives that were left early: each ends with the wait that it is in. */
const left: Promise<unknown>[] = [];

/** Lives with a key that may do what the statements say; ends early when `isOver` says so. */
async function liveWith(
  { theatre, s3 }: Embedded,
  { life, statements }: { life: Life; statements: readonly OperatorStatement[] },
  isOver: (operator: Operator) => Promise<boolean> = () => Promise.resolve(false),
): Promise<{ used: string[]; refused: string[]; isOver: boolean }> {
  s3.state.lacking.clear();
  const cloud = await withOperatorKey(theatre.cloud, { userName: `op-${++users}`, statements });
  const end = new AbortController();
  let found = { used: [] as string[], refused: [] as string[], isOver: false };
  await play(stoppable({ ...theatre, cloud }, end.signal), {
    claim: life.name,
    run: async (stage) => {
      const operator = await stage.operate(lifeOptions);
      const whole = life.run(stage).then(() => "whole" as const, (error) => {
        if (!end.signal.aborted) throw error;
      });
      let running = true;
      whole.finally(() => running = false).catch(() => {});
      while (running && !await isOver(operator)) await pause();
      found = { ...await asked(operator), isOver: await isOver(operator) };
      end.abort();
      if (!running) return void await whole;
      left.push(whole);
    },
  });
  return found;
}

/** The theatre until a signal: afterwards no request of the life gets anywhere. */
function stoppable(theatre: Theatre, signal: AbortSignal): Theatre {
  const { baseUrl } = theatre.kubernetes;
  const kubernetes = {
    get baseUrl(): string {
      signal.throwIfAborted();
      return baseUrl;
    },
  };
  return { ...theatre, kubernetes };
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 25));
}

/** An answer to HEAD has no body, and one to DeleteObjects is no refusal as a whole. */
const WITHOUT_CODE = ["s3:ListBucket", "s3:DeleteObjectVersion"];

/** True when an action is refused, by the answer or by what an object says of it. */
function refuses(action: string): (operator: Operator) => Promise<boolean> {
  return async (operator) => {
    const { refused } = await asked(operator);
    if (refused.includes(action)) return true;
    const reasons = operator.objects().flatMap(conditionsOf).map(({ reason }) => reason);
    return WITHOUT_CODE.includes(action) &&
      reasons.some((reason) => reason === "AccessDenied" || reason === "BucketForbidden");
  };
}

Deno.test("the documented IAM policy is enough, set by set, and holds nothing that is not used", () =>
  withEmbedded(async (embedded) => {
    const statements = await operatorStatements();
    const used = new Set<string>();
    for (const life of lives) {
      const own = statements.filter(({ Sid }) => life.needs.includes(Sid));
      const found = await liveWith(embedded, { life, statements: own });
      assertEquals(found.refused, [], life.name);
      for (const action of found.used) used.add(action);
    }
    const documented = actionsIn(statements.filter(({ Sid }) => !ELSEWHERE.includes(Sid)));
    assertEquals(
      [...used].filter((action) => documented.includes(action)).sort(),
      [
        ...documented,
      ].sort(),
    );
  }));

Deno.test("each action of the documented IAM policy is needed: without it something is refused", () =>
  withEmbedded(async (embedded) => {
    const statements = await operatorStatements();
    const unneeded: string[] = [];
    for (const life of lives) {
      const all = statements.filter(({ Sid }) => life.needs.includes(Sid));
      const own = all.filter(({ Sid }) => Sid !== "Buckets" || life.needs.length === 1);
      for (const action of actionsIn(own)) {
        const some = { life, statements: withoutAction(all, action) };
        const { isOver } = await liveWith(embedded, some, refuses(action));
        if (!isOver) unneeded.push(action);
      }
    }
    await Promise.all(left);
    assertEquals(unneeded, [DOCUMENTED]);
  }));

Deno.test("the documented IAM policy fits what a service stores as one managed policy", async () => {
  const text = JSON.stringify({ Version: "2012-10-17", Statement: await operatorStatements() });
  assert(text.length <= 6_144, `${text.length} characters`);
});
