import { assert, assertEquals } from "@std/assert";
import { readChunks } from "../../../src/kube/watch_stream.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function startReading(options: { readonly onChunk?: (chunk: Uint8Array) => void } = {}) {
  const clock = new FakeClock();
  const stop = new AbortController();
  let body!: ReadableStreamDefaultController<Uint8Array>;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => void (body = controller),
    cancel: () => void (cancelled = true),
  });
  const end = readChunks(new Response(stream), options.onChunk ?? (() => {}), {
    clock,
    idleMs: () => 1_000,
    stop: stop.signal,
  });
  return {
    clock,
    stop,
    body,
    end,
    get cancelled() {
      return cancelled;
    },
  };
}

const CHUNK = new Uint8Array([1]);

Deno.test("stop ends a silent read at once, and frees the body", async () => {
  const reading = startReading();
  reading.stop.abort();
  assertEquals(await reading.end, { cause: "stopped" });
  assert(reading.cancelled);
  assertEquals(reading.clock.pendingTimers, 0);
});

Deno.test("a stop that came before the read ends it too", async () => {
  const stop = AbortSignal.abort();
  const response = new Response(new ReadableStream());
  const end = readChunks(response, () => {}, { clock: new FakeClock(), idleMs: () => 1_000, stop });
  assertEquals(await end, { cause: "stopped" });
});

Deno.test("silence ends a read, and each chunk begins the time anew", async () => {
  const reading = startReading();
  await reading.clock.advance(900);
  reading.body.enqueue(CHUNK);
  await reading.clock.advance(999);
  assertEquals(reading.cancelled, false);
  await reading.clock.advance(1);
  assertEquals(await reading.end, { cause: "idle" });
  assert(reading.cancelled);
});

Deno.test("the end of the body is a clean close", async () => {
  const reading = startReading();
  reading.body.enqueue(CHUNK);
  reading.body.close();
  assertEquals(await reading.end, { cause: "closed" });
  assertEquals(reading.clock.pendingTimers, 0);
});

Deno.test("an answer without a body is a clean close", async () => {
  const end = readChunks(new Response(null, { status: 204 }), () => {}, {
    clock: new FakeClock(),
    idleMs: () => 1_000,
    stop: new AbortController().signal,
  });
  assertEquals(await end, { cause: "closed" });
});

Deno.test("a broken connection is a failure", async () => {
  const reading = startReading();
  const error = new TypeError("reset");
  reading.body.error(error);
  assertEquals(await reading.end, { cause: "failed", error });
});

Deno.test("a receiver that throws ends the read as failed and frees the connection", async () => {
  const error = new Error("not understood");
  const reading = startReading({
    onChunk: () => {
      throw error;
    },
  });
  reading.body.enqueue(CHUNK);
  assertEquals(await reading.end, { cause: "failed", error });
  assert(reading.cancelled);
  assertEquals(reading.clock.pendingTimers, 0);
});

Deno.test("ten thousand chunks leave nothing on the stop signal", async () => {
  let added = 0;
  const stop = new AbortController();
  const signal = stop.signal;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    added++;
    add(...args);
  };
  let left = 10_000;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => left-- > 0 ? controller.enqueue(CHUNK) : controller.close(),
  });
  await readChunks(new Response(body), () => {}, {
    clock: new FakeClock(),
    idleMs: () => 1_000,
    stop: signal,
  });
  assertEquals(added, 1);
});
