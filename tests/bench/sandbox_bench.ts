/**
 * Measures the embedded Kubernetes API with 10,000 objects: list, watch start, 1,000 updates, and
 * whether memory stays where it is while updates go on.
 *
 * Server and client share this process, so the figures are upper limits.
 */
import Table from "cli-table3";
import { systemClock } from "../../src/ops/clock.ts";
import {
  type SandboxKubernetes,
  startSandboxKubernetes,
} from "../../src/sandbox/kubernetes/server.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { openWatch, type WatchReader } from "../conformance/kubernetes/watch_reader.ts";
import { aBucket } from "../support/builders.ts";
import { call, type KubernetesEndpoint, mustCall } from "../support/kubernetes_endpoint.ts";

const OBJECTS = 10_000;
const UPDATES = 1_000;
const ROUNDS = 4;
const AT_ONCE = 16;
const BUCKETS = "/apis/s3.cloud37.dev/v1alpha1/namespaces/default/buckets";
const WATCH_LIST = "watch=1&allowWatchBookmarks=true&sendInitialEvents=true" +
  "&resourceVersionMatch=NotOlderThan&timeoutSeconds=600";

/** Runs `work` for 0 to count - 1, a few at a time. */
async function times(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    while (next < count) await work(next++);
  });
  await Promise.all(workers);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function heapMegabytes(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return Deno.memoryUsage().heapUsed / 2 ** 20;
}

async function listInPages(endpoint: KubernetesEndpoint): Promise<void> {
  let query = "limit=500";
  for (let seen = 0; seen < OBJECTS;) {
    const page = await mustCall(endpoint, { method: "GET", path: `${BUCKETS}?${query}` });
    seen += page.items.length;
    query = new URLSearchParams({ limit: "500", continue: page.metadata.continue ?? "" })
      .toString();
  }
}

/** Reads until the end of the initial events. */
async function readInitial(reader: WatchReader): Promise<void> {
  for (;;) {
    if ((await reader.next()).type === "BOOKMARK") return;
  }
}

async function update(endpoint: KubernetesEndpoint, round: number): Promise<void> {
  await times(UPDATES, (index) =>
    call(endpoint, {
      method: "PATCH",
      path: `${BUCKETS}/bucket-${index}`,
      body: { metadata: { labels: { round: `r${round}` } } },
    }));
}

async function measure(server: SandboxKubernetes): Promise<readonly (readonly string[])[]> {
  const endpoint = { baseUrl: server.url };
  const rows: string[][] = [];
  const show = (figure: string, value: number, unit: string) =>
    rows.push([figure, `${Math.round(value)} ${unit}`]);
  await installDefinitions(endpoint);
  const emptyHeap = heapMegabytes();
  const createMs = await timed(() =>
    times(OBJECTS, (index) => {
      const name = `bucket-${index}`;
      return mustCall(endpoint, { method: "POST", path: BUCKETS, body: aBucket(name, { name }) });
    })
  );
  show(`${OBJECTS} creations`, createMs, "ms");
  show("memory of the objects", heapMegabytes() - emptyHeap, "MB");
  show(
    "list in one page",
    await timed(() => mustCall(endpoint, { method: "GET", path: BUCKETS })),
    "ms",
  );
  show("list in pages of 500", await timed(() => listInPages(endpoint)), "ms");

  const openedAt = performance.now();
  const reader = await openWatch(endpoint, `${BUCKETS}?${WATCH_LIST}`, {});
  await readInitial(reader);
  show("watch start, all initial events", performance.now() - openedAt, "ms");
  for (let round = 1; round <= ROUNDS; round++) {
    const updateMs = await timed(async () => {
      await update(endpoint, round);
      for (let seen = 0; seen < UPDATES; seen++) await reader.next();
    });
    show(`${UPDATES} updates, seen by a watch (round ${round})`, updateMs, "ms");
    show(`memory after round ${round}`, heapMegabytes() - emptyHeap, "MB");
  }
  await reader.cancel();
  return rows;
}

const server = await startSandboxKubernetes({ clock: systemClock, historySize: UPDATES });
try {
  const table = new Table({
    head: ["embedded API", "figure"],
    colAligns: ["left", "right"],
    style: { head: [], border: [], compact: true },
  });
  table.push(...(await measure(server)).map((row) => [...row]));
  console.log(table.toString());
} finally {
  await server.stop();
}
