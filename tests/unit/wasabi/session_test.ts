import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { BudgetExhaustedError } from "../../../src/wasabi/budget.ts";
import { ProviderError, type ProviderErrorKind } from "../../../src/wasabi/error.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { settingsFor, startSession } from "./fixture.ts";

const ENDPOINT = "http://127.0.0.1:1";

function failure(kind: ProviderErrorKind): ProviderError {
  return new ProviderError("x", { kind, operation: "Op", code: kind, httpStatus: 500 });
}

function startCalls(
  options: { readonly strategy?: "linear" | "exponential"; readonly maxAttempts?: number } = {},
) {
  const clock = new FakeClock();
  const attempts: string[] = [];
  const stage = startSession(
    settingsFor(ENDPOINT, {
      retry: {
        maxAttempts: options.maxAttempts ?? 4,
        backoffStrategy: options.strategy ?? "exponential",
      },
      s3Rate: { perSecond: 1, burst: 10 },
    }),
    { clock, onAttempt: ({ code }) => attempts.push(code) },
  );
  const call = (send: () => Promise<string>, repeatable = true) =>
    stage.session.call({ operation: "Op", signal: stage.stop.signal, repeatable }, send);
  return { ...stage, clock, attempts, call };
}

for (
  const kind of [
    "ServerError",
    "Timeout",
    "ConnectionLost",
    "ConnectionRefused",
    "DnsFailure",
  ] as const
) {
  Deno.test(`${kind} is tried again, and the success counts`, async () => {
    using stage = startCalls();
    let calls = 0;
    const result = stage.call(() => ++calls < 3 ? Promise.reject(failure(kind)) : ok());
    await stage.clock.advance(60_000);
    assertEquals([await result, stage.attempts], ["fine", [kind, kind, "OK"]]);
  });
}

for (const kind of ["Throttled", "AccessDenied", "WrongKey", "NotFound", "TlsFailure"] as const) {
  Deno.test(`${kind} is not tried again`, async () => {
    using stage = startCalls();
    const error = await assertRejects(
      () => stage.call(() => Promise.reject(failure(kind))),
      ProviderError,
    );
    assertEquals([error.kind, stage.attempts.length], [kind, 1]);
  });
}

Deno.test("a call whose repetition would mean something else is made once", async () => {
  using stage = startCalls();
  await assertRejects(
    () => stage.call(() => Promise.reject(failure("Timeout")), false),
    ProviderError,
  );
  assertEquals(stage.attempts.length, 1);
});

Deno.test("after the last attempt its error is thrown", async () => {
  using stage = startCalls({ maxAttempts: 3 });
  const got = assertRejects(
    () => stage.call(() => Promise.reject(failure("Timeout"))),
    ProviderError,
  );
  await stage.clock.advance(60_000);
  await got;
  assertEquals(stage.attempts.length, 3);
});

for (
  const [strategy, pauses] of [
    ["linear", [300, 600, 900]],
    ["exponential", [300, 600, 1_200]],
  ] as const
) {
  Deno.test(`${strategy} pauses are ${pauses.join(", ")} ms`, async () => {
    using stage = startCalls({ strategy });
    const times: number[] = [];
    const got = assertRejects(() =>
      stage.call(() => {
        times.push(stage.clock.monotonic());
        return Promise.reject(failure("Timeout"));
      }), ProviderError);
    await stage.clock.advance(60_000);
    await got;
    assertEquals(times.slice(1).map((time, index) => time - times[index]!), [...pauses]);
  });
}

Deno.test("throttling pauses the whole account for two seconds", async () => {
  using stage = startCalls();
  await assertRejects(
    () => stage.call(() => Promise.reject(failure("Throttled"))),
    ProviderError,
  );
  const error = assertThrows(() => stage.session.admit(), BudgetExhaustedError);
  assertEquals(error.waitMs, 2_000);
  await stage.clock.advance(2_000);
  stage.session.admit();
});

Deno.test("every attempt is paid, and a spent budget admits no further pass", async () => {
  using stage = startCalls({ maxAttempts: 9 });
  const got = assertRejects(
    () => stage.call(() => Promise.reject(failure("Timeout"))),
    ProviderError,
  );
  await stage.clock.advance(1_000_000);
  await got;
  for (let call = 0; call < 12; call++) {
    // deno-lint-ignore no-await-in-loop
    await stage.call(ok);
  }
  const error = assertThrows(() => stage.session.admit(), BudgetExhaustedError);
  assertEquals(error.waitMs, 3_000);
});

Deno.test("the end of the pass ends the pause between attempts, with the pass's own reason", async () => {
  using stage = startCalls();
  const reason = new Error("time limit of the pass");
  const got = assertRejects(
    () =>
      stage.call(() => {
        stage.stop.signal.throwIfAborted();
        return Promise.reject(failure("Timeout"));
      }),
    Error,
    "time limit of the pass",
  );
  await stage.clock.advance(10);
  stage.stop.abort(reason);
  await got;
  assertEquals(stage.clock.pendingTimers, 0);
});

function ok(): Promise<string> {
  return Promise.resolve("fine");
}
