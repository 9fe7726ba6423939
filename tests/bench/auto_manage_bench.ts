/**
 * `deno task bench:auto`: 100 Buckets without a word about autoManage, until each has its User,
 * BucketPolicy and AccessKey, all Ready; with the provider's calls and the operator's CPU.
 */
import Table from "cli-table3";
import { FIELD_MANAGER } from "../../src/api/common.ts";
import { programFromSource } from "../process/program.ts";
import { type Embedded, withEmbedded } from "../scenario/embedded.ts";
import { aBucket } from "../support/builders.ts";
import { ClusterAdmin, conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { type Operator, pause, provide, startOperator } from "./operator_process.ts";

const NAMESPACE = "bench";
const BUCKETS = 100;
const CHILDREN = ["User", "AccessKey", "BucketPolicy"] as const;
/** Asked seldom: each question costs the servers as much as a Bucket does. */
const LIMIT = { timeoutMs: 300_000, intervalMs: 250 };
const SETTLE_MS = 3_000;
/** Seconds that are aimed at; the predecessor needed 1,507 on another machine. */
const AIM_SECONDS = 5;

async function applyBuckets(admin: ClusterAdmin): Promise<void> {
  await Promise.all(Array.from({ length: BUCKETS }, (_, index) => {
    const name = `bucket-${index}`;
    return admin.apply(aBucket(name, { name: `${NAMESPACE}-${name}`, autoManage: undefined }));
  }));
}

/** All Buckets and all their children are Ready. */
async function untilAllReady(admin: ClusterAdmin): Promise<void> {
  await eventually(async () => {
    const buckets = await admin.list("Bucket");
    const done = buckets.filter((bucket) =>
      conditionOf(bucket, "Ready")?.status === "True" &&
      conditionOf(bucket, "CredentialsReady")?.status === "True"
    );
    if (done.length < BUCKETS) throw new Error(`${done.length} of ${BUCKETS} are done`);
  }, LIMIT);
}

async function countReady(admin: ClusterAdmin): Promise<readonly string[]> {
  return await Promise.all(CHILDREN.map(async (kind) => {
    const objects = await admin.list(kind);
    const ready = objects.filter((object) => conditionOf(object, "Ready")?.status === "True");
    return `${ready.length} ${kind}`;
  }));
}

async function measure(embedded: Embedded, operator: Operator): Promise<string> {
  const admin = new ClusterAdmin(embedded.theatre.kubernetes, NAMESPACE);
  await admin.createNamespace();
  await provide(embedded, admin);
  await pause(SETTLE_MS);
  for (const { requests } of [embedded.s3, embedded.iam, embedded.kubernetes]) requests.clear();
  const before = await operator.figures();
  const startedAt = performance.now();
  await applyBuckets(admin);
  await untilAllReady(admin);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await operator.figures();
  const requests = embedded.kubernetes.requests.all()
    .filter(({ userAgent }) => userAgent?.startsWith(FIELD_MANAGER));
  const table = new Table({
    head: [`${BUCKETS} Buckets with autoManage`, ""],
    style: { head: [], border: [], compact: true },
  });
  table.push(
    [
      "all Ready after",
      `${seconds.toFixed(1)} s (${(seconds / AIM_SECONDS).toFixed(2)} of the aim)`,
    ],
    ["Ready", (await countReady(admin)).join(", ")],
    ["CPU of the operator", `${(after.cpuSeconds - before.cpuSeconds).toFixed(1)} s`],
    ["memory after it, peak", `${after.rssMb.toFixed(0)} MB, ${after.peakRssMb.toFixed(0)} MB`],
    ["S3 calls per Bucket", (embedded.s3.requests.entries.length / BUCKETS).toFixed(1)],
    ["IAM calls per Bucket", (embedded.iam.requests.entries.length / BUCKETS).toFixed(1)],
    ["API requests per Bucket", (requests.length / BUCKETS).toFixed(1)],
  );
  return table.toString();
}

if (import.meta.main) {
  await withEmbedded(async (embedded) => {
    const operator = await startOperator(await programFromSource(), { embedded });
    try {
      console.log(await measure(embedded, operator));
    } finally {
      await operator.stop();
    }
  });
}
