import { assertEquals } from "@std/assert";
import { statusHolds, wantedStatus } from "../../../src/control/status.ts";
import { aThing, READY, type ThingStatus } from "./fixture.ts";

const MOMENT = { nowMs: Date.UTC(2026, 0, 1), generation: 1 };

/** Status after a report was written once. */
function written(extra: ThingStatus = {}): ThingStatus {
  const { fields, conditions } = wantedStatus(aThing(), READY, MOMENT);
  return { ...fields, conditions, ...extra };
}

function holds(status: ThingStatus, report = READY): boolean {
  const thing = aThing({}, status);
  const later = { ...MOMENT, nowMs: MOMENT.nowMs + 86_400_000 };
  return statusHolds(thing, wantedStatus(thing, report, later));
}

const condition = written().conditions![0]!;

const CASES: readonly (readonly [string, boolean, ThingStatus, typeof READY?])[] = [
  ["nothing has changed", true, written()],
  ["the keys of a field are in another order", true, written({ f: { a: 1, b: 2 } }), {
    ...READY,
    fields: { ...READY.fields, f: { b: 2, a: 1 } },
  }],
  ["only a time has passed", true, written({ lastSyncTime: "2025-01-01T00:00:00Z" }), {
    ...READY,
    fields: { ...READY.fields, lastSyncTime: "2026-01-01T00:00:00Z" },
  }],
  [
    "a foreign condition was added",
    true,
    written({
      conditions: [condition, { ...condition, type: "Foreign" }],
    }),
  ],
  ["a field that shall be absent is absent", true, written(), {
    ...READY,
    fields: { ...READY.fields, gone: null },
  }],
  ["a field that shall be absent is there", false, written({ gone: 1 }), {
    ...READY,
    fields: { ...READY.fields, gone: null },
  }],
  ["a field was changed", false, written({ exists: false })],
  ["everything was wiped", false, {}],
  ["a condition was taken away", false, written({ conditions: [] })],
  ["a condition was turned", false, written({ conditions: [{ ...condition, status: "False" }] })],
  ["the order of a list changed", false, written({ list: [1, 2] }), {
    ...READY,
    fields: { ...READY.fields, list: [2, 1] },
  }],
  [
    "a leftover Stalled says what is no longer so",
    false,
    written({
      conditions: [condition, { ...condition, type: "Stalled" }],
    }),
  ],
  [
    "a leftover ReferenceWarning says what is no longer so",
    false,
    written({
      conditions: [condition, { ...condition, type: "ReferenceWarning" }],
    }),
  ],
  ["it was written for an older generation", false, written({ observedGeneration: 0 })],
];

for (const [what, unchanged, status, report] of CASES) {
  Deno.test(`${unchanged ? "no write" : "a write"} when ${what}`, () => {
    assertEquals(holds(status, report), unchanged);
  });
}

Deno.test("fields that a report leaves out stay, and conditions that it leaves out go", () => {
  const thing = aThing({}, written({ kept: 1, conditions: [{ ...condition, type: "Stalled" }] }));
  const { fields, conditions } = wantedStatus(thing, READY, MOMENT);
  assertEquals(fields, { exists: true, observedGeneration: 1, kept: 1 });
  assertEquals(conditions.map(({ type }) => type), ["Ready"]);
});
