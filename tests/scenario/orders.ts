/**
 * Plays many orders of things at once, each in a namespace of its own, with one operator after
 * the other; at the end of each nothing is left, and what belongs to somebody else is as it was.
 */
import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import type { CustomResource } from "../../src/api/common.ts";
import { findCondition } from "../../src/control/conditions.ts";
import { conditionsOf } from "../../src/control/status.ts";
import type { Operator } from "../../src/operator.ts";
import { nameIn } from "../../src/sandbox/iam/directory.ts";
import { aSecret, type TestObject } from "../support/builders.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { IamAdmin } from "../support/iam_admin.ts";
import { type Embedded, withEmbedded } from "./embedded.ts";
import {
  anyOrder,
  CHILDREN,
  cloudName,
  type End,
  type Kind,
  type Move,
  nameOf,
  objectOf,
  type Order,
  type Pause,
  type Subject,
  subjects,
  THEIR_SECRET,
} from "./orders_moves.ts";
import { OrdersLog } from "./orders_log.ts";
import { Operators } from "./orders_operators.ts";
import { play, type Stage } from "./stage.ts";

/** Which orders are played. */
export interface OrdersOptions {
  readonly runs: number;
  readonly seed: number;
  /** Number of the first one, to play a failed one again. @default 0 */
  readonly first?: number;
  /** Namespaces that are worked on at once. @default 24 */
  readonly concurrency?: number;
  /** Runs after which the operator is replaced by another one. @default 20 */
  readonly restartEvery?: number;
  /** Told after each run. */
  readonly onRun?: (done: OrdersDone) => void;
}

/** How it went so far. */
export interface OrdersDone {
  readonly runs: number;
  readonly failures: readonly string[];
  /** The latest runs whose end took remarkably long. */
  readonly slow: readonly string[];
  /** The longest time from the last deletion until all was gone. */
  readonly slowestEndMs: number;
  /** Successful requests to the service by operation, such as CreateBucket. */
  readonly calls: Readonly<Record<string, number>>;
}

/** Further runs would only say the same. */
const MOST_FAILURES = 5;
/** What waits for longer was not woken: the safety nets of most waits are at 60 s. */
const END_LIMIT_MS = 50_000;
const SLOW_MS = 8_000;
const SETTLE_LIMIT_MS = 30_000;
const QUIET_ROUNDS = 8;
const KINDS: readonly Kind[] = [...new Set(subjects.map(({ kind }) => kind))];

/** Plays the orders that the seed stands for, and returns what went wrong. */
export async function playOrders(options: OrdersOptions): Promise<OrdersDone> {
  let done: OrdersDone = { runs: 0, failures: [], slow: [], slowestEndMs: 0, calls: {} };
  await withEmbedded((embedded) =>
    play(embedded.theatre, {
      claim: "any order",
      run: async (stage) => {
        const log = new OrdersLog();
        const operators = new Operators(() => operate(stage, log));
        await operators.next();
        const iam = new IamAdmin(embedded.theatre.cloud);
        const shared = { embedded, iam, log, operators, seen: new Seen(operators) };
        const { first = 0, runs, seed, concurrency = 24, restartEvery = 20, onRun } = options;
        const orders = fc.sample(anyOrder(), { seed, numRuns: first + runs }).slice(first);
        let next = 0;
        async function work(): Promise<void> {
          while (next < orders.length && done.failures.length < MOST_FAILURES) {
            const index = next++;
            // deno-lint-ignore no-await-in-loop -- one after the other: that is what a worker is
            const result = await playOne(shared, orders[index]!, `r${first + index}`);
            const { failure, endMs, warnings } = result;
            const story = [
              `run ${first + index} of seed ${seed}, ${Math.round(endMs)} ms to its end: ` +
              (failure ?? "slow"),
              JSON.stringify(orders[index]),
              ...warnings,
            ].join("\n");
            done = {
              runs: done.runs + 1,
              failures: [...done.failures, ...failure === undefined ? [] : [story]],
              slow: [...done.slow, ...endMs < SLOW_MS ? [] : [story]].slice(-MOST_FAILURES),
              slowestEndMs: Math.max(done.slowestEndMs, endMs),
              calls: {},
            };
            onRun?.(done);
            // deno-lint-ignore no-await-in-loop -- as above
            if (done.runs % restartEvery === 0) await operators.next();
          }
        }
        await Promise.all(Array.from({ length: Math.min(concurrency, runs) }, work));
        done = { ...done, calls: await operators.calls() };
        iam.close();
      },
    })
  );
  return done;
}

/** Fast in all that is a matter of time alone; slow in what would hide a wake-up that is missing. */
async function operate(stage: Stage, { logger }: OrdersLog): Promise<Operator> {
  return await stage.operate({
    log: logger,
    namespaces: [],
    workers: 16,
    providerRate: { perSecond: 100_000, burst: 100_000 },
    providerTimeoutMs: 30_000,
    driftIntervalMs: 3_600_000,
    probeIntervalMs: 3_600_000,
    policySettleMs: 50,
    keyTiming: { overlapFloorMs: 200, inactiveMs: 200, verifyPollMs: 100, dayMs: 2_000 },
  });
}

/** What all runs share. */
interface Shared {
  readonly embedded: Embedded;
  readonly iam: IamAdmin;
  readonly log: OrdersLog;
  readonly operators: Operators;
  readonly seen: Seen;
}

/** One namespace, and what is somebody else's near it. */
interface Place {
  readonly shared: Shared;
  readonly cluster: ClusterAdmin;
  readonly theirs: unknown;
  /** Names of retained buckets and users that were seen in the account. */
  readonly retained: Set<string>;
}

interface Result {
  readonly failure: string | undefined;
  readonly endMs: number;
  /** What the operator logged. */
  readonly warnings: readonly string[];
}

async function playOne(
  shared: Shared,
  order: Order,
  namespace: string,
): Promise<Result> {
  const cluster = new ClusterAdmin(shared.embedded.theatre.kubernetes, namespace);
  const operators = shared.operators.count;
  let startedAt = performance.now();
  try {
    await cluster.createNamespace();
    await cluster.apply(credentials(shared), aSecret(THEIR_SECRET, { mine: "data" }));
    await makeTheirs(shared, namespace);
    const theirs = theirsAsTheyAre(shared, namespace);
    const place: Place = { shared, cluster, theirs, retained: new Set() };
    for (const { move, pause } of [...order.start, ...order.steps]) {
      // deno-lint-ignore no-await-in-loop -- an order
      await perform(place, move);
      // deno-lint-ignore no-await-in-loop -- as above
      await waitFor(place, pause);
      noteRetained(place);
    }
    startedAt = performance.now();
    await shared.operators.underOne(async () => {
      // A new operator never saw a Secret that went before it: whoever took that gives it back.
      if (shared.operators.count > operators) {
        await cluster.apply(credentials(shared));
        await waitFor(place, "settled");
      }
      startedAt = performance.now();
      await endAll(place, order.end);
    });
    const endMs = performance.now() - startedAt;
    assertAccount(place);
    assertEquals(shared.log.errorOf(namespace), undefined, "the operator never panics");
    await removeRest(place, order.end);
    return { failure: undefined, endMs, warnings: shared.log.take(namespace) };
  } catch (error) {
    const endMs = performance.now() - startedAt;
    return { failure: (error as Error).message, endMs, warnings: shared.log.take(namespace) };
  }
}

function credentials({ embedded }: Shared): TestObject {
  const { accessKeyId, secretAccessKey } = embedded.theatre.cloud;
  return aSecret("credentials", { "access-key": accessKeyId, "secret-key": secretAccessKey });
}

async function makeTheirs({ embedded, iam }: Shared, namespace: string): Promise<void> {
  const { s3 } = embedded;
  const bucket = cloudName(namespace, { kind: "Bucket", number: 9 });
  s3.state.createBucket(bucket);
  s3.state.putObject(bucket, "key", "content");
  const user = cloudName(namespace, { kind: "User", number: 9 });
  await iam.createUser(user);
  await iam.createKey(user);
  await iam.putPolicy(user, "inline", {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:ListBucket", Resource: "*" }],
  });
  await iam.attach(user, await iam.createManagedPolicy(policyName(namespace, 9)));
}

/** Name that a managed policy gets. */
function policyName(namespace: string, number: Subject["number"]): string {
  return `${namespace}.${nameOf({ kind: "IAMPolicy", number })}`;
}

/** Everything of the account whose name begins as those of the namespace do. */
function accountOf({ embedded }: Shared, namespace: string) {
  const { buckets, directory } = embedded.s3.state;
  const own = (name: string) => name.startsWith(`${namespace}-`);
  return {
    buckets: [...buckets.values()].filter(({ name }) => own(name)),
    users: [...directory.users.values()].filter(({ userName }) => own(userName)),
    policies: [...directory.policies.values()]
      .filter(({ policyName }) => policyName.startsWith(`${namespace}.`)),
  };
}

/** A copy of what is somebody else's. */
function theirsAsTheyAre(shared: Shared, namespace: string): unknown {
  const { buckets, users, policies } = accountOf(shared, namespace);
  return structuredClone([
    buckets.filter(({ name }) => name.endsWith("9")),
    users.filter(({ userName }) => userName.endsWith("9")),
    policies.filter((policy) => policy.policyName.endsWith("9")),
  ]);
}

async function perform(place: Place, move: Move): Promise<void> {
  const { cluster, shared } = place;
  const { namespace } = cluster;
  switch (move.kind) {
    case "apply": {
      const { subject, variant } = move;
      const { cloud } = shared.embedded.theatre;
      return await cluster.apply(objectOf(subject, { variant, namespace, cloud }));
    }
    case "delete":
      return await unlessGone(cluster.delete(move.subject.kind, nameOf(move.subject)));
    case "deleteChild": {
      const bucket = nameOf({ kind: "Bucket", number: move.bucket });
      return await unlessGone(cluster.delete(move.child, `${bucket}-${CHILDREN[move.child]}`));
    }
    case "credentials":
      return move.present
        ? await cluster.apply(credentials(shared))
        : await unlessGone(cluster.delete("Secret", "credentials"));
    case "request": {
      const annotation = `s3.cloud37.dev/${move.request}-requested-at`;
      const body = { metadata: { annotations: { [annotation]: String(performance.now()) } } };
      return await unlessGone(cluster.patch("AccessKey", `accesskey${move.key}`, body));
    }
    case "loseSecret":
      return await unlessGone(cluster.delete("Secret", `accesskey${move.key}-credentials`));
    case "upload": {
      const bucket = cloudName(namespace, { kind: "Bucket", number: 0 });
      const { state } = shared.embedded.s3;
      if (state.buckets.has(bucket)) state.putObject(bucket, "key", move.text);
    }
  }
}

/** The last pass over a deleted object may be faster. */
async function unlessGone(change: Promise<void>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!String(error).includes('"code":404')) throw error;
  }
}

async function waitFor({ shared, cluster }: Place, pause: Pause): Promise<void> {
  if (pause !== "settled") return await delay(pause);
  const deadline = performance.now() + SETTLE_LIMIT_MS;
  let [before, quiet] = ["", 0];
  while (quiet < QUIET_ROUNDS) {
    assert(performance.now() < deadline, `Never comes to rest: ${before}`);
    // deno-lint-ignore no-await-in-loop -- polls
    await delay(25);
    const now = shared.seen.in(cluster.namespace)
      // Keys that are to rotate every two seconds never rest.
      .filter(({ kind }) => kind !== "AccessKey")
      .map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.resourceVersion}`).join();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

function noteRetained({ shared, cluster, retained }: Place): void {
  const { state } = shared.embedded.s3;
  const bucket = cloudName(cluster.namespace, { kind: "Bucket", number: 2 });
  if (state.buckets.has(bucket)) retained.add(bucket);
  const { users } = accountOf(shared, cluster.namespace);
  const user = cloudName(cluster.namespace, { kind: "User", number: 2 });
  if (users.some(({ userName }) => userName === user)) retained.add(user);
}

/** Deletes everything, and waits until it is gone. */
async function endAll(place: Place, end: End): Promise<void> {
  const { cluster, shared } = place;
  const { namespace } = cluster;
  // A Provider without IAM endpoint could not clean up: whoever took that away gives it back.
  for (const number of [0, 1] as const) {
    const provider: Subject = { kind: "Provider", number };
    const { spec } = objectOf(provider, {
      variant: 0,
      namespace,
      cloud: shared.embedded.theatre.cloud,
    });
    // deno-lint-ignore no-await-in-loop -- two
    await unlessGone(cluster.patch("Provider", nameOf(provider), { spec }));
  }
  if (end.kind === "namespace") {
    await cluster.deleteNamespace();
  } else {
    for (const subject of end.order) {
      const [kind, name] = subject === "credentials"
        ? ["Secret", "credentials"]
        : [subject.kind, nameOf(subject)];
      // deno-lint-ignore no-await-in-loop -- an order
      await unlessGone(cluster.delete(kind!, name!));
      // deno-lint-ignore no-await-in-loop -- as above
      await delay(end.pause);
      noteRetained(place);
    }
  }
  await untilNothingIsSeen(place);
  noteRetained(place);
  if (end.kind === "namespace") return await cluster.untilNamespaceGone({ timeoutMs: 5_000 });
  await eventually(async () => {
    for (const kind of KINDS) assertEquals(await cluster.list(kind), [], `no ${kind} is left`);
    const secrets = await cluster.list("Secret");
    assertEquals(secrets.map(({ metadata }) => metadata.name), [THEIR_SECRET]);
    assertEquals(secrets[0].data, { mine: btoa("data") });
  }, { timeoutMs: 5_000 });
}

async function untilNothingIsSeen({ shared, cluster }: Place): Promise<void> {
  const deadline = performance.now() + END_LIMIT_MS;
  let left = shared.seen.in(cluster.namespace);
  while (left.length > 0 && performance.now() < deadline) {
    // deno-lint-ignore no-await-in-loop -- polls
    await delay(25);
    left = shared.seen.in(cluster.namespace);
  }
  if (left.length === 0) return;
  const shown = left.map((object) => {
    const { kind, metadata } = object;
    const ready = findCondition(conditionsOf(object), "Ready");
    return `${kind} ${metadata.name} (deleted ${metadata.deletionTimestamp}): ${ready?.reason}: ${ready?.message}`;
  });
  throw new Error(`Left after ${END_LIMIT_MS} ms:\n${shown.join("\n")}`);
}

/** Nothing is in the account but what was retained, and what is somebody else's, as it was. */
function assertAccount({ shared, cluster, theirs, retained }: Place): void {
  const { namespace } = cluster;
  assertEquals(theirsAsTheyAre(shared, namespace), theirs, "what is theirs is as it was");
  const { buckets, users, policies } = accountOf(shared, namespace);
  const names = [
    ...buckets.map(({ name }) => name),
    ...users.map(({ userName }) => userName),
    ...policies.map((policy) => policy.policyName),
  ].filter((name) => !name.endsWith("9"));
  assertEquals(names.toSorted(), [...retained].toSorted(), "only what was retained is left");
  const keys = users.filter(({ userName }) => retained.has(userName))
    .flatMap((user) => [...user.keys.keys()]);
  assertEquals(keys, [], "a retained user has no key of ours");
  const documents = buckets.filter(({ name }) => retained.has(name)).map(({ policy }) => policy);
  assertEquals(documents.filter((policy) => policy !== undefined), [], "nor a bucket a statement");
}

/** Frees what the next runs do not need. */
async function removeRest({ shared, cluster }: Place, end: End): Promise<void> {
  const { state } = shared.embedded.s3;
  const { buckets, users, policies } = accountOf(shared, cluster.namespace);
  for (const { name } of buckets) state.deleteBucket(name);
  for (const { accountId, userName } of users) {
    state.directory.users.delete(nameIn(accountId, userName));
  }
  for (const { arn } of policies) state.directory.policies.delete(arn);
  if (end.kind === "objects") await cluster.deleteNamespace();
}

/** What the operator sees, by namespace; asking the API server for it would cost more. */
class Seen {
  readonly #operators: Operators;
  #byNamespace = new Map<string, CustomResource[]>();
  #readAt = -Infinity;

  constructor(operators: Operators) {
    this.#operators = operators;
  }

  in(namespace: string): readonly CustomResource[] {
    if (performance.now() - this.#readAt > 20) {
      this.#byNamespace = Map.groupBy(
        this.#operators.objects(),
        ({ metadata }) => metadata.namespace ?? "",
      );
      this.#readAt = performance.now();
    }
    return this.#byNamespace.get(namespace) ?? [];
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
