import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Redactor } from "../../../src/ops/redact.ts";

Deno.test("a known secret is hidden, plain, URL-encoded and as JSON writes it", () => {
  const redactor = new Redactor();
  const secret = 'se"cr\\et+with/odd=chars';
  redactor.add(secret);
  for (const text of [secret, encodeURIComponent(secret), JSON.stringify({ key: secret })]) {
    const hidden = redactor.redact(`before ${text} after`);
    assertEquals(hidden.includes("odd"), false, hidden);
    assertEquals(hidden.includes("[redacted]"), true);
  }
});

Deno.test("of two secrets that begin alike nothing is left over", () => {
  const redactor = new Redactor();
  redactor.add("abcdefgh", "abcdefgh-and-more");
  assertEquals(redactor.redact("abcdefgh-and-more"), "[redacted]");
});

Deno.test("text without a secret stays as it is, and short values are no secrets", () => {
  const redactor = new Redactor();
  redactor.add("short", undefined, "");
  assertEquals(redactor.redact("a short text"), "a short text");
});

Deno.test("no line contains a secret that was added, wherever it stands", () => {
  const anySecret = fc.string({ minLength: 8, maxLength: 40 })
    .filter((secret) => !/[[\]]/.test(secret));
  fc.assert(
    fc.property(anySecret, fc.string(), fc.string(), (secret, before, after) => {
      const redactor = new Redactor();
      redactor.add(secret);
      const line = JSON.stringify({ note: `${before}${secret}${after}` });
      const hidden = redactor.redact(line);
      assertEquals(hidden.includes(JSON.stringify(secret).slice(1, -1)), false);
    }),
  );
});

Deno.test("the newest two thousand secrets are remembered", () => {
  const redactor = new Redactor();
  for (let number = 0; number < 2_001; number++) redactor.add(`secret-number-${number}.`);
  assertEquals(redactor.redact("secret-number-0."), "secret-number-0.");
  assertEquals(redactor.redact("secret-number-1. secret-number-2000."), "[redacted] [redacted]");
});
