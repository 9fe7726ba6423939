/**
 * One measurement: the operator as a process of its own, on servers that run in this process.
 */
import { FIELD_MANAGER } from "../../src/api/common.ts";
import type { Program } from "../process/program.ts";
import { type Embedded, withEmbedded } from "../scenario/embedded.ts";
import { aBucket } from "../support/builders.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { type Operator, pause, provide, startOperator } from "./operator_process.ts";
import { watchReady } from "./ready_watch.ts";

/** What a stretch of work took. */
export interface Effort {
  readonly wallSeconds: number;
  /** Of the operator's process alone. */
  readonly cpuSeconds: number;
  readonly providerCalls: number;
  /** Requests of the operator to the API server, watches included. */
  readonly kubeRequests: number;
  readonly kubeWrites: number;
}

/** Figures of one program with one number of Buckets. */
export interface Measurement {
  readonly program: string;
  readonly buckets: number;
  /** From the start of the process to 200 at /readyz. */
  readonly startMs: number;
  readonly idleRssMb: number;
  /** From the first apply until the last Bucket is Ready. */
  readonly creation: Effort;
  readonly rssMb: number;
  readonly peakRssMb: number;
  /** A start with all Buckets there and unchanged, until each was compared once. */
  readonly restart: Effort;
  /** Each Bucket compared once more, after its drift interval. */
  readonly drift: Effort;
}

const NAMESPACE = "bench";
/** Long enough for V8 to have returned what it can. */
const SETTLE_MS = 5_000;
/** Applied at the same time, as a deployment tool does. */
const APPLIERS = 4;

/** Measures one program. */
export async function measure(program: Program, buckets: number): Promise<Measurement> {
  let measurement: Measurement | undefined;
  await withEmbedded(async (embedded) => {
    const admin = new ClusterAdmin(embedded.theatre.kubernetes, NAMESPACE);
    await admin.createNamespace();
    const first = await measureCreation(program, { embedded, admin, buckets });
    const second = await measureUnchanged(program, { embedded, buckets });
    measurement = { program: program.name, buckets, ...first, ...second };
  });
  return measurement!;
}

interface Scene {
  readonly embedded: Embedded;
  readonly admin: ClusterAdmin;
  readonly buckets: number;
}

async function measureCreation(
  program: Program,
  { embedded, admin, buckets }: Scene,
): Promise<Omit<Measurement, "program" | "buckets" | "restart" | "drift">> {
  const operator = await startOperator(program, { embedded });
  try {
    await pause(SETTLE_MS);
    const idle = await operator.figures();
    await provide(embedded, admin);
    const creation = await effortOf({ operator, embedded }, async () => {
      const watch = await watchReady(embedded.theatre.kubernetes, {
        namespace: NAMESPACE,
        count: buckets,
      });
      try {
        await Promise.all([applyBuckets(admin, buckets), watch.done]);
      } finally {
        await watch.stop();
      }
    });
    await pause(SETTLE_MS);
    const { rssMb, peakRssMb } = await operator.figures();
    return { startMs: operator.startMs, idleRssMb: idle.rssMb, creation, rssMb, peakRssMb };
  } finally {
    await operator.stop();
  }
}

async function measureUnchanged(
  program: Program,
  { embedded, buckets }: Omit<Scene, "admin">,
): Promise<Pick<Measurement, "restart" | "drift">> {
  // Longer than it takes to compare all of them, so that no second round begins within a first.
  const intervalSeconds = Math.max(10, buckets / 33);
  const operator = await startOperator(program, {
    embedded,
    environment: { DRIFT_CHECK_INTERVAL_SECONDS: String(intervalSeconds) },
  });
  const compared = () =>
    eventually(() => {
      if (embedded.s3.requests.of("HeadBucket").length < buckets) throw new Error("Not yet");
    }, { timeoutMs: 300_000 });
  try {
    const restart = await effortOf({ operator, embedded, fromStart: true }, compared);
    const drift = await effortOf({ operator, embedded }, compared);
    return { restart, drift };
  } finally {
    await operator.stop();
  }
}

/** Measures `work`, and what follows it: Events that are sent later belong to it. */
async function effortOf(
  scene: {
    readonly operator: Operator;
    readonly embedded: Embedded;
    /** Whether all that the process did before belongs to it too. */
    readonly fromStart?: true;
  },
  work: () => Promise<unknown>,
): Promise<Effort> {
  const { operator, embedded: { kubernetes, s3 }, fromStart } = scene;
  const before = fromStart ? 0 : (await operator.figures()).cpuSeconds;
  if (!fromStart) {
    kubernetes.requests.clear();
    s3.requests.clear();
  }
  const startedAt = performance.now();
  await work();
  const wallSeconds = (performance.now() - startedAt) / 1000;
  await pause(1_500);
  const after = await operator.figures();
  const requests = kubernetes.requests.all()
    .filter(({ userAgent }) => userAgent?.startsWith(FIELD_MANAGER));
  return {
    wallSeconds,
    cpuSeconds: after.cpuSeconds - before,
    providerCalls: s3.requests.entries.length,
    kubeRequests: requests.length,
    kubeWrites: requests.filter(({ method }) => method !== "GET").length,
  };
}

async function applyBuckets(admin: ClusterAdmin, count: number): Promise<void> {
  let next = 0;
  async function applier(): Promise<void> {
    while (next < count) {
      const name = `bench-${String(next++).padStart(4, "0")}`;
      await admin.apply(aBucket(name, {
        name: `${NAMESPACE}-${name}`,
        versioning: { enabled: true },
        tagging: { tags: { environment: "bench", owner: "platform-team" } },
      }));
    }
  }
  await Promise.all(Array.from({ length: APPLIERS }, applier));
}
