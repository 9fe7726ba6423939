import { assertEquals } from "@std/assert";
import { mergeConditions, sameCondition } from "../../../src/control/conditions.ts";
import { transitionEvents } from "../../../src/control/events.ts";
import type { Condition } from "../../../src/api/common.ts";

const THEN = "2026-01-01T00:00:00.000Z";
const NOW = "2026-06-01T00:00:00.000Z";
const MOMENT = { nowMs: Date.parse(NOW), generation: 2 };

function ready(status: Condition["status"], reason = "Ready", message = "m"): Condition {
  return {
    type: "Ready",
    status,
    reason,
    message,
    lastTransitionTime: THEN,
    observedGeneration: 1,
  };
}

function wanted({ type, status, reason, message }: Condition) {
  return { type, status, reason, message };
}

const CASES: readonly (readonly [string, readonly Condition[], Condition, string])[] = [
  ["a new condition", [], ready("True"), NOW],
  ["a changed status", [ready("False")], ready("True"), NOW],
  ["a changed reason alone", [ready("True")], ready("True", "Other"), THEN],
  ["a changed message alone", [ready("True")], ready("True", "Ready", "other"), THEN],
  ["a condition of another type", [{ ...ready("True"), type: "Synced" }], ready("True"), NOW],
];

for (const [what, stored, want, since] of CASES) {
  Deno.test(`${what} has lastTransitionTime ${since === NOW ? "now" : "kept"}`, () => {
    assertEquals(mergeConditions(stored, [wanted(want)], MOMENT), [
      { ...wanted(want), lastTransitionTime: since, observedGeneration: 2 },
    ]);
  });
}

Deno.test("conditions that are not wanted any more are left out", () => {
  const stalled = { ...ready("True"), type: "Stalled" };
  assertEquals(mergeConditions([stalled], [], MOMENT), []);
});

Deno.test("two conditions are the same when all but their times is", () => {
  const base = ready("True");
  assertEquals(sameCondition({ ...base, lastTransitionTime: NOW }, base), true);
  const changes = [{ status: "False" }, { reason: "x" }, { message: "x" }, {
    observedGeneration: 2,
  }] as const;
  for (const change of changes) assertEquals(sameCondition({ ...base, ...change }, base), false);
  assertEquals(sameCondition(undefined, base), false);
});

const EVENTS:
  readonly (readonly [string, readonly Condition[], Condition[], string | undefined])[] = [
    ["ready for the first time", [], [ready("True")], "Normal Ready"],
    ["still ready", [ready("True")], [ready("True", "Ready", "other")], undefined],
    ["not ready any more", [ready("True")], [ready("False", "Timeout")], "Warning Timeout"],
    ["not ready for another reason", [ready("False", "A")], [ready("False", "B")], "Warning B"],
    ["not ready for the same reason", [ready("False", "A")], [ready("False", "A", "x")], undefined],
    ["not known yet", [ready("True")], [ready("Unknown", "Pending")], undefined],
    ["without a Ready", [ready("True")], [], undefined],
  ];

for (const [what, before, after, expected] of EVENTS) {
  Deno.test(`an object that is ${what} causes ${expected ?? "no Event"}`, () => {
    const [event] = transitionEvents(before, after);
    assertEquals(event && `${event.type} ${event.reason}`, expected);
  });
}
