/**
 * Bad weather between operator and API server: after it, the right state without a restart.
 */
import { assert, assertEquals } from "@std/assert";
import { plainAccess } from "../../src/kube/access.ts";
import { aBucket } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { fastClock } from "../support/fast_clock.ts";
import { startTcpProxy } from "../support/tcp_proxy.ts";
import { countWrites } from "./counts.ts";
import { embeddedTest } from "./embedded.ts";
import type { Stage } from "./stage.ts";

async function becomesReady({ cluster, bucketName }: Stage, name: string): Promise<void> {
  await cluster.apply(aBucket(name, { name: bucketName(name) }));
  await cluster.untilCondition("Bucket", name, { status: "True" });
}

embeddedTest(
  "a watch cut in the middle of a line loses no event",
  async (stage, { kubernetes }) => {
    await stage.operate();
    await stage.provide();
    await becomesReady(stage, "before");
    for (let round = 0; round < 3; round++) {
      kubernetes.faults.cutWatches({ midLine: true });
      await becomesReady(stage, `after-${round}`);
    }
  },
);

embeddedTest("a 410 in the stream ends in a new list", async (stage, { kubernetes }) => {
  await stage.operate();
  await stage.provide();
  await becomesReady(stage, "before");
  kubernetes.faults.expireWatches();
  await becomesReady(stage, "after");
});

embeddedTest(
  "an object deleted while the history was compacted away is released",
  async (stage, { kubernetes }) => {
    const operator = await stage.operate();
    await stage.provide();
    await becomesReady(stage, "gone");
    kubernetes.faults.silenceWatches();
    await stage.cluster.delete("Bucket", "gone");
    kubernetes.compact();
    kubernetes.faults.cutWatches({ midLine: false });
    await stage.cluster.untilGone("Bucket", "gone");
    assertEquals(operator.objects().filter(({ kind }) => kind === "Bucket"), []);
  },
);

embeddedTest(
  "a collection that is forbidden and granted later heals without a restart",
  async (stage, { kubernetes }) => {
    kubernetes.faults.fail({ match: { path: /buckets/, watch: true }, status: 403, times: 2 });
    await stage.operate({ clock: fastClock(100) });
    await stage.provide();
    await becomesReady(stage, "granted");
  },
);

embeddedTest(
  "a Bucket is cleaned up though the Secret of its Provider may not be read any more",
  async (stage, { kubernetes }) => {
    const { cluster, cloud, bucketName } = stage;
    await stage.operate();
    await stage.provide();
    await cluster.apply(aBucket("goes", { name: bucketName("goes"), deletionPolicy: "Delete" }));
    await cluster.untilCondition("Bucket", "goes", { status: "True" });
    const match = { method: "GET", path: /\/secrets\/credentials$/ };
    kubernetes.faults.fail({ match, status: 403, times: 100 });
    await cluster.patch("Secret", "credentials", { metadata: { labels: { version: "next" } } });
    await cluster.delete("Bucket", "goes");
    await cluster.untilGone("Bucket", "goes");
    assertEquals(await cloud.exists(bucketName("goes")), false);
  },
);

embeddedTest("a throttled API server is waited for", async (stage, { kubernetes }) => {
  await stage.operate();
  await stage.provide();
  kubernetes.faults.fail({
    match: { method: "PATCH", path: /\/status$/ },
    status: 429,
    reason: "TooManyRequests",
    retryAfterSeconds: 1,
    times: 2,
  });
  await becomesReady(stage, "patient");
});

embeddedTest(
  "a connection that goes dead without a close is replaced",
  async (stage, { kubernetes }) => {
    const proxy = startTcpProxy(Number(new URL(kubernetes.url).port));
    try {
      const operator = await stage.operate({
        access: plainAccess(`http://127.0.0.1:${proxy.port}`),
        clock: fastClock(50),
        driftIntervalMs: 3_600_000,
        probeIntervalMs: 3_600_000,
      });
      await stage.provide();
      await becomesReady(stage, "before");
      // Two bookmarks, so that silence is known to be a sign.
      await eventually(async () => {
        const { values } = await operator.metrics.watchEvents.get();
        const bookmarks = values.filter(({ labels }) => labels.type === "BOOKMARK");
        assert(bookmarks.length >= 8 && bookmarks.every(({ value }) => value >= 3));
      });
      proxy.blackhole();
      await becomesReady(stage, "after");
    } finally {
      await proxy.close();
    }
  },
  { bookmarkIntervalMs: 200 },
);

embeddedTest("an API server that is away for a while is found again", async (stage, embedded) => {
  const proxy = startTcpProxy(Number(new URL(embedded.kubernetes.url).port));
  try {
    const operator = await stage.operate({
      access: plainAccess(`http://127.0.0.1:${proxy.port}`),
      driftIntervalMs: 200,
    });
    await stage.provide();
    await becomesReady(stage, "before");
    proxy.refuse();
    await stage.cluster.apply(aBucket("meanwhile", { name: stage.bucketName("meanwhile") }));
    const { passes } = await countWrites(operator);
    await eventually(async () => assert((await countWrites(operator)).passes > passes + 2));
    proxy.resume();
    await stage.cluster.untilCondition("Bucket", "meanwhile", { status: "True" });
  } finally {
    await proxy.close();
  }
});
