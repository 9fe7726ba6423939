import { assert, assertEquals } from "@std/assert";
import { type AccessKeySpec, accessKeySpecSchema } from "../../../../src/api/access_key.ts";
import { keyTiming } from "../../../../src/resources/access_key/context.ts";
import {
  deletionMs,
  nextRotationMs,
  staggeredStartMs,
  switchOffMs,
  timeOf,
} from "../../../../src/resources/access_key/schedule.ts";

const DAY = 24 * 3_600_000;
const NOW = Date.parse("2026-01-01T00:00:00Z");

function specOf(rotate: Record<string, unknown>): AccessKeySpec {
  return accessKeySpecSchema.parse({ providerRef: { name: "p" }, rotate });
}

function inputOf(rotate: Record<string, unknown>, memory = {}, uid = "u") {
  return {
    spec: specOf(rotate),
    memory: { previousKeys: [], ...memory },
    createdAtMs: NOW - 10 * DAY,
    uid,
    nowMs: NOW,
    timing: keyTiming,
  };
}

Deno.test("without rotation nothing is due", () => {
  assertEquals(nextRotationMs(inputOf({})), undefined);
  assertEquals(staggeredStartMs(inputOf({})), undefined);
});

Deno.test("a rotation is counted from the key's making, and never later than the interval", () => {
  const lastRotateTime = new Date(NOW - DAY).toISOString();
  for (let number = 0; number < 200; number++) {
    const input = inputOf({ enabled: true, intervalDays: 90 }, { lastRotateTime }, `u${number}`);
    const due = nextRotationMs(input)!;
    assert(due <= NOW + 89 * DAY && due >= NOW - DAY + 0.95 * 90 * DAY, `${number}`);
    assertEquals(nextRotationMs({ ...input, nowMs: NOW + 5 * DAY }), due, "also after a restart");
  }
});

Deno.test("a fleet whose rotation is overdue is spread over days", () => {
  const starts = Array.from(
    { length: 500 },
    () => staggeredStartMs(inputOf({ enabled: true, intervalDays: 5 }, {}, crypto.randomUUID()))!,
  );
  for (let day = 0; day < 5; day++) {
    const share = starts.filter((at) => at >= NOW + day * DAY && at < NOW + (day + 1) * DAY);
    assert(share.length > 40, `day ${day}: ${share.length}`);
  }
  assertEquals(starts.filter((at) => at <= NOW), []);
});

Deno.test("a replaced key is valid for its retention, and for ten minutes with none", () => {
  const key = { accessKeyId: "A", rotateTime: new Date(NOW).toISOString() };
  const off = (days: number) =>
    switchOffMs(key, {
      spec: specOf({ enabled: true, previousKeysRetentionDays: days }),
      timing: keyTiming,
    });
  assertEquals([off(0), off(7)], [NOW + 600_000, NOW + 7 * DAY]);
});

Deno.test("a key that was switched off is kept for a day, or ten minutes when its place is needed", () => {
  const key = { accessKeyId: "A", rotateTime: "", inactiveTime: new Date(NOW).toISOString() };
  const at = (soon: boolean) => deletionMs(key, { timing: keyTiming, soon });
  assertEquals([at(false), at(true)], [NOW + DAY, NOW + 600_000]);
  assertEquals(
    deletionMs({ accessKeyId: "A", rotateTime: "" }, { timing: keyTiming, soon: true }),
    undefined,
  );
});

Deno.test("the predecessor's form of a time is read", () => {
  assertEquals(timeOf("2025-11-14T10:20:30.123456+00:00"), Date.parse("2025-11-14T10:20:30.123Z"));
  assertEquals([timeOf(undefined), timeOf("soon")], [undefined, undefined]);
});
