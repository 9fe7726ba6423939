import { assertEquals } from "@std/assert";
import { accessKeySpecSchema } from "../../../../src/api/access_key.ts";
import { keyTiming } from "../../../../src/resources/access_key/context.ts";
import type { Observed } from "../../../../src/resources/access_key/observe.ts";
import { planKey } from "../../../../src/resources/access_key/plan.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const OVERDUE = { enabled: true, intervalDays: 1, previousKeysRetentionDays: 0 };

type Input = Parameters<typeof planKey>[0];

function listed(...ids: readonly string[]) {
  return ids.map((accessKeyId) => ({ accessKeyId, active: true, createdAtMs: NOW }));
}

function pair(accessKeyId: string) {
  return { accessKeyId, secretAccessKey: `secret of ${accessKeyId}` };
}

function published(id: string, works: boolean | undefined, intact = works === undefined) {
  return { kind: "ours", uid: "s", pair: pair(id), intact, works } as const;
}

function planOf(change: Partial<Input> & { readonly seen?: Partial<Observed> }) {
  const { seen, ...input } = change;
  const action = planKey({
    spec: accessKeySpecSchema.parse({ providerRef: { name: "p" } }),
    memory: { userName: "app", accessKeyId: "A", previousKeys: [] },
    observed: {
      listed: listed("A"),
      published: published("A", undefined),
      pending: undefined,
      previous: new Map(),
      ...seen,
    },
    others: new Set(),
    requests: { rotate: undefined, rollback: undefined },
    takenOver: false,
    secretName: "key-credentials",
    uid: "u",
    nowMs: NOW,
    timing: keyTiming,
    inUse: new Set(),
    ...input,
  });
  if (action.kind === "blocked") return `blocked ${action.reason}`;
  if (action.kind === "create") return `create ${action.purpose}`;
  if (action.kind === "abandon") return `abandon ${action.accessKeyId}`;
  if (action.kind === "rest") return `rest ${action.obstacle?.reason}`;
  return action.kind;
}

const unfinished = {
  userName: "app",
  accessKeyId: "A",
  previousKeys: [],
  creation: { startTime: new Date(NOW).toISOString(), knownKeys: ["A"] },
};

Deno.test("an interrupted creation is taken up where its traces end", () => {
  const memory = unfinished;
  const both = listed("A", "B");
  assertEquals(planOf({ memory }), "abandon undefined");
  assertEquals(planOf({ memory, seen: { listed: both } }), "abandon B");
  assertEquals(planOf({ memory, seen: { listed: both, pending: pair("B") } }), "verify");
  const done = published("B", true);
  assertEquals(planOf({ memory, seen: { listed: both, published: done } }), "conclude");
});

Deno.test("a key is not removed as unfinished when it may be somebody else's", () => {
  const memory = unfinished;
  const old = { accessKeyId: "B", active: true, createdAtMs: NOW - 3_600_000 };
  const seen = { listed: [...listed("A"), old] };
  assertEquals(planOf({ memory, seen }), "abandon undefined", "made at another time");
  const others = new Set(["B"]);
  assertEquals(planOf({ memory, others, seen: { listed: listed("A", "B") } }), "abandon undefined");
  assertEquals(
    planOf({ memory, seen: { listed: listed("A", "B", "C") } }),
    "blocked AmbiguousKeys",
  );
});

Deno.test("without a status the working pair of our Secret is taken on, unless it is another's", () => {
  const memory = { userName: "app", previousKeys: [] };
  const seen = { published: published("A", true) };
  assertEquals(planOf({ memory, seen }), "adopt");
  assertEquals(planOf({ memory, seen, others: new Set(["A"]) }), "create first");
  assertEquals(planOf({ memory, seen: { published: published("A", false) } }), "create first");
});

Deno.test("a Secret of somebody else stops everything", () => {
  const foreign = { kind: "foreign" } as const;
  assertEquals(planOf({ seen: { published: foreign } }), "blocked SecretConflict");
  const memory = { userName: "app", previousKeys: [] };
  assertEquals(
    planOf({ memory, seen: { published: foreign, listed: [] } }),
    "blocked SecretConflict",
  );
});

Deno.test("a rotation that is due waits for its place, and takes no foreign one", () => {
  const requests = { rotate: "now", rollback: undefined };
  assertEquals(planOf({ requests }), "create rotation");
  assertEquals(planOf({ requests, seen: { listed: listed("A", "X") } }), "rest KeyLimitReached");
  const rotateTime = new Date(NOW - 60_000).toISOString();
  const memory = {
    userName: "app",
    accessKeyId: "A",
    previousKeys: [{ accessKeyId: "X", rotateTime }],
  };
  assertEquals(
    planOf({ requests, memory, seen: { listed: listed("A", "X") } }),
    "rest PreviousKeyInOverlap",
  );
});

Deno.test("a replaced key is switched off, and later removed; sooner when its place is needed", () => {
  const rotateTime = new Date(NOW - 700_000).toISOString();
  const inactiveTime = new Date(NOW - 650_000).toISOString();
  const seen = { listed: listed("A", "X") };
  const base = { userName: "app", accessKeyId: "A", lastRotateTime: "2025-01-01T00:00:00Z" };
  const spec = accessKeySpecSchema.parse({ providerRef: { name: "p" }, rotate: OVERDUE });
  const on = { ...base, previousKeys: [{ accessKeyId: "X", rotateTime }] };
  const off = { ...base, previousKeys: [{ accessKeyId: "X", rotateTime, inactiveTime }] };
  assertEquals(planOf({ memory: on, spec, seen }), "switchOff");
  assertEquals(
    planOf({ memory: on, spec, seen, inUse: new Set(["X"]) }),
    "rest PreviousKeyInOverlap",
  );
  assertEquals(planOf({ memory: off, spec, seen }), "remove");
  assertEquals(planOf({ memory: off, seen }), "rest undefined", "no rotation is due");
});

Deno.test("a lost pair is healed from a replaced key, or else by another one", () => {
  const previousKeys = [{ accessKeyId: "X", rotateTime: new Date(NOW).toISOString() }];
  const memory = { userName: "app", accessKeyId: "A", previousKeys };
  const absent = { kind: "absent" } as const;
  const seen = { published: absent, listed: listed("A", "X") };
  assertEquals(
    planOf({ memory, seen: { ...seen, previous: new Map([["X", pair("X")]]) } }),
    "restore",
  );
  assertEquals(planOf({ memory, seen }), "blocked PreviousKeyInOverlap");
  assertEquals(planOf({ seen: { published: absent } }), "create healing");
  assertEquals(planOf({ seen: { published: published("A", false) } }), "create healing");
  assertEquals(planOf({ seen: { published: published("A", true) } }), "publish");
});

Deno.test("a foreign key in the Secret is not taken on, the predecessor's is", () => {
  const seen = { listed: listed("A", "X"), published: published("X", true) };
  assertEquals(planOf({ seen }), "blocked KeyLimitReached");
  const memory = { accessKeyId: "A", previousKeys: [] };
  assertEquals(planOf({ memory, seen, takenOver: true }), "adopt");
});
