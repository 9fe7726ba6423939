import { assertEquals } from "@std/assert";
import { answerHealth } from "../../../src/ops/health.ts";

const CHECKS = [
  { name: "good", failure: () => undefined },
  { name: "bad", failure: () => "the reason" },
];

function ask(path: string, checks = CHECKS): readonly [number, string] {
  const answer = answerHealth(new URL(`http://localhost${path}`), { path: "/readyz", checks });
  return [answer.status, answer.body];
}

const GOOD = CHECKS.slice(0, 1);

const CASES: readonly (readonly [string, typeof CHECKS, number, string])[] = [
  ["/readyz", GOOD, 200, "ok"],
  ["/readyz?verbose", GOOD, 200, "[+]good ok\nreadyz check passed\n"],
  ["/readyz", CHECKS, 500, "[+]good ok\n[-]bad failed: reason withheld\nreadyz check failed\n"],
  ["/readyz?verbose", CHECKS, 500, "[+]good ok\n[-]bad failed: the reason\nreadyz check failed\n"],
  ["/readyz?exclude=bad", CHECKS, 200, "ok"],
  ["/readyz?exclude=good&exclude=bad", CHECKS, 200, "ok"],
  ["/readyz/good", CHECKS, 200, "ok"],
  ["/readyz/bad", CHECKS, 500, "failed: reason withheld\n"],
  ["/readyz/unknown", CHECKS, 404, "no such check\n"],
  ["/readyz", [], 200, "ok"],
];

for (const [path, checks, status, body] of CASES) {
  Deno.test(`${path} with ${checks.length} checks answers ${status}`, () => {
    assertEquals(ask(path, checks), [status, body]);
  });
}
