/**
 * `deno task bench:emptying`: a Bucket of 25,000 versions is deleted by an operator with one worker,
 * while other Buckets are made one after the other. Shown: how long it takes, the memory of the
 * operator, and how long the others wait for the worker, as a ratio to what they wait without it.
 */
import Table from "cli-table3";
import { programFromSource } from "../process/program.ts";
import { type Embedded, withEmbedded } from "../scenario/embedded.ts";
import { aBucket } from "../support/builders.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import { type Operator, pause, provide, startOperator } from "./operator_process.ts";

const NAMESPACE = "bench";
const KEYS = 2_500;
const VERSIONS_PER_KEY = 10;
const OTHERS = 20;
const SETTLE_MS = 3_000;
const LIMIT = { timeoutMs: 300_000 };

interface Waiting {
  readonly median: number;
  readonly longest: number;
}

/** Makes Buckets one after the other, and measures how long each takes to be Ready. */
async function makeOthers(admin: ClusterAdmin, prefix: string): Promise<Waiting> {
  const times: number[] = [];
  for (let index = 0; index < OTHERS; index++) {
    const name = `${prefix}-${index}`;
    const startedAt = performance.now();
    await admin.apply(aBucket(name, { name: `${NAMESPACE}-${name}` }));
    await admin.untilCondition("Bucket", name, { status: "True" }, LIMIT);
    times.push(performance.now() - startedAt);
  }
  times.sort((left, right) => left - right);
  return { median: times[Math.floor(times.length / 2)]!, longest: times.at(-1)! };
}

async function fill(embedded: Embedded, admin: ClusterAdmin): Promise<void> {
  const name = `${NAMESPACE}-full`;
  const settings = { versioning: { enabled: true } };
  await admin.apply(
    aBucket("full", { name, ...settings, deletionPolicy: "Delete", forceDelete: true }),
  );
  await admin.untilCondition("Bucket", "full", { status: "True" }, LIMIT);
  for (let index = 0; index < KEYS * VERSIONS_PER_KEY; index++) {
    embedded.s3.state.putObject(name, `key-${index % KEYS}`);
  }
}

async function measure(embedded: Embedded, operator: Operator): Promise<string> {
  const admin = new ClusterAdmin(embedded.theatre.kubernetes, NAMESPACE);
  await admin.createNamespace();
  await provide(embedded, admin);
  await fill(embedded, admin);
  const alone = await makeOthers(admin, "alone");
  await pause(SETTLE_MS);
  const before = await operator.figures();
  const startedAt = performance.now();
  await admin.delete("Bucket", "full");
  const beside = await makeOthers(admin, "beside");
  const unfinished = (await admin.get("Bucket", "full"))?.status?.deletion?.versionsDeleted;
  await admin.untilGone("Bucket", "full", LIMIT);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await operator.figures();

  const table = new Table({ head: ["figure", ""], style: { head: [], border: [], compact: true } });
  table.push(
    ["versions deleted", String(KEYS * VERSIONS_PER_KEY)],
    ["time", `${seconds.toFixed(1)} s`],
    ["CPU of the operator", `${(after.cpuSeconds - before.cpuSeconds).toFixed(1)} s`],
    [
      "memory before, at its peak",
      `${before.rssMb.toFixed(0)} MB, ${after.peakRssMb.toFixed(0)} MB`,
    ],
    ["others Ready, alone", `${alone.median.toFixed(0)} ms (longest ${alone.longest.toFixed(0)})`],
    [
      "others Ready, meanwhile",
      `${beside.median.toFixed(0)} ms (longest ${beside.longest.toFixed(0)})`,
    ],
    ["ratio of the medians", (beside.median / alone.median).toFixed(1)],
    [
      "deleted when the last other was Ready",
      unfinished === undefined ? "all" : String(unfinished),
    ],
  );
  return table.toString();
}

if (import.meta.main) {
  await withEmbedded(async (embedded) => {
    const operator = await startOperator(await programFromSource(), {
      embedded,
      environment: { WORKERS: "1" },
    });
    try {
      console.log(await measure(embedded, operator));
    } finally {
      await operator.stop();
    }
  });
}
