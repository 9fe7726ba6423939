/**
 * `deno task soak:orders [runs] [seed] [first]`: all six kinds come, change and go in any order,
 * many thousand times. Ends with 1 when something is left behind; the line that says so names the
 * run, which `deno task soak:orders 1 <seed> <run>` plays again.
 */
import { type OrdersDone, playOrders } from "../scenario/orders.ts";

const [runs = 10_000, seed = Date.now() & 0x7fffffff, first = 0] = Deno.args.map(Number);
const startedAt = performance.now();

function show({ runs, failures, slowestEndMs }: OrdersDone): void {
  const seconds = (performance.now() - startedAt) / 1000;
  const { rss, heapUsed, external } = Deno.memoryUsage();
  const [all, heap, outside] = [rss, heapUsed, external].map((bytes) =>
    Math.round(bytes / 2 ** 20)
  );
  console.log(
    `${runs} runs of seed ${seed} in ${seconds.toFixed(0)} s, ` +
      `${(runs / seconds).toFixed(1)}/s, ${failures.length} failures, ` +
      `slowest end ${
        (slowestEndMs / 1000).toFixed(1)
      } s, ${all} MB (heap ${heap}, external ${outside})`,
  );
}

const told = new Set<string>();
const done = await playOrders({
  runs,
  seed,
  first,
  onRun: (soFar) => {
    for (const story of [...soFar.failures, ...soFar.slow]) {
      if (!told.has(story)) console.error(story);
      told.add(story);
    }
    if (soFar.runs % 100 === 0) show(soFar);
  },
});
show(done);
console.log(JSON.stringify(done.calls));
Deno.exit(done.failures.length === 0 && done.runs === runs ? 0 : 1);
