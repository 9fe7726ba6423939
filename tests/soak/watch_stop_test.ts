/**
 * A watch that has lived through garbage collections still obeys (runtime A9.2).
 *
 * Needs `deno test -A --v8-flags=--expose-gc tests/soak`; ignored without.
 */
import { assertEquals } from "@std/assert";
import { plainAccess } from "../../src/kube/access.ts";
import { KubeConnection } from "../../src/kube/connection.ts";
import { watch } from "../../src/kube/watch_stream.ts";
import { systemClock } from "../../src/ops/clock.ts";
import { eventually } from "../support/eventually.ts";
import { thing, THINGS } from "../unit/watch/fixture.ts";

const EVENTS = 2_000;
const gc = (globalThis as { readonly gc?: () => void }).gc;

Deno.test({
  name: "a stop after 2,000 events and a garbage collection ends the watch at once",
  ignore: gc === undefined,
  fn: async () => {
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, () => {
      const line = (number: number) =>
        new TextEncoder().encode(
          `${JSON.stringify({ type: "ADDED", object: thing("a", String(number + 1)) })}\n`,
        );
      let sent = 0;
      return new Response(
        new ReadableStream({
          pull: (controller) =>
            sent < EVENTS ? controller.enqueue(line(sent++)) : new Promise(() => {}),
        }),
      );
    });
    const connection = new KubeConnection({
      access: plainAccess(`http://127.0.0.1:${server.addr.port}`),
      clock: systemClock,
      userAgent: "test",
    });
    const stop = new AbortController();
    let events = 0;
    const watching = watch({
      connection,
      clock: systemClock,
      resource: THINGS,
      resourceVersion: "1",
      timeoutSeconds: 300,
      idleMs: () => 300_000,
      stop: stop.signal,
      onEvent: () => events++,
    });
    await eventually(() => assertEquals(events, EVENTS));
    for (let round = 0; round < 5; round++) gc!();
    stop.abort();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<"late">((resolve) => timer = setTimeout(() => resolve("late"), 2_000));
    assertEquals(await Promise.race([watching, late]), { cause: "stopped" });
    clearTimeout(timer);
    connection.close();
    await server.shutdown();
  },
});
