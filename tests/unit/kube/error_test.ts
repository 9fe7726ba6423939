import { assertEquals } from "@std/assert";
import { isConflict, isNotFound, kubeErrorOf, transportErrorOf } from "../../../src/kube/error.ts";

const ANSWERS = [
  // code, body, Retry-After, expected retryAfterMs
  [404, { reason: "NotFound", message: "no such thing" }, null, undefined],
  [409, { reason: "Conflict", message: "changed" }, null, undefined],
  [410, { reason: "Expired", message: "too old" }, null, undefined],
  [422, { reason: "Invalid", message: "spec.x: wrong" }, null, undefined],
  [429, { reason: "TooManyRequests", message: "slow" }, "3", 3_000],
  [429, { details: { retryAfterSeconds: 2 } }, null, 2_000],
  [429, {}, null, 0],
  [500, { reason: "InternalError", message: "oops" }, null, 0],
  [503, undefined, "Wed, 21 Oct 2026 07:28:00 GMT", 0],
  [504, { reason: "Timeout" }, "1", 1_000],
] as const;

for (const [code, body, retryAfter, retryAfterMs] of ANSWERS) {
  Deno.test(`${code} with ${JSON.stringify(body)}, Retry-After ${retryAfter}: again ${retryAfterMs}`, () => {
    const error = kubeErrorOf("GET /x", { code, body, retryAfter });
    assertEquals([error.code, error.retryAfterMs], [code, retryAfterMs]);
    const reason = (body as { readonly reason?: string } | undefined)?.reason;
    assertEquals(error.reason, reason ?? "Unknown");
    assertEquals([error.notFound, error.conflict, error.expired], [
      code === 404,
      code === 409,
      code === 410,
    ]);
  });
}

Deno.test("Expired counts as expired whatever the status says", () => {
  const body = { reason: "Expired" };
  assertEquals(kubeErrorOf("GET /x", { code: 500, body, retryAfter: null }).expired, true);
});

Deno.test("a request without an answer has code 0 and may be sent again at once", () => {
  const timeout = transportErrorOf("GET /x", new DOMException("late", "TimeoutError"));
  assertEquals([timeout.code, timeout.reason, timeout.retryAfterMs], [0, "Timeout", 0]);
  const refused = transportErrorOf("GET /x", new TypeError("refused"));
  assertEquals([refused.code, refused.reason], [0, "ConnectionFailed"]);
  assertEquals(refused.message, "Cannot GET /x: refused");
});

Deno.test("other errors are neither a missing object nor a conflict", () => {
  for (const error of [new Error("404"), undefined, { code: 404, notFound: true }]) {
    assertEquals([isNotFound(error), isConflict(error)], [false, false]);
  }
});
