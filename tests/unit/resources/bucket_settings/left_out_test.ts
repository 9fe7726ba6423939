/**
 * What a spec asks for and a service cannot have, in the words that a person reads.
 */
import { assertEquals, assertMatch } from "@std/assert";
import type { ServiceType } from "../../../../src/api/features.ts";
import { lifecycle } from "../../../../src/resources/bucket/settings/lifecycle.ts";
import { objectLock } from "../../../../src/resources/bucket/settings/object_lock.ts";
import { replication } from "../../../../src/resources/bucket/settings/replication.ts";
import { aService, bucketSpec } from "../fixture.ts";

const TIDY = { id: "tidy", expiration: { days: 100 } };
const MOVE = { days: 30, storageClass: "GLACIER" };

function wantedRules(type: ServiceType, ...rules: readonly object[]) {
  const wanted = lifecycle.desired(bucketSpec({ lifecycle: { rules } }), aService(type))!;
  const told = wanted.leftOut.map(({ field, why }) => `${field}: ${why}`);
  return { ids: Object.keys(wanted.value.rules), told, value: wanted.value };
}

const CASES: readonly (readonly [string, ServiceType, readonly object[], string[], RegExp])[] = [
  // what, service, rules, IDs that are applied, what is told
  [
    "moves of a rule on Wasabi",
    "wasabi",
    [{ ...TIDY, transitions: [MOVE] }],
    ["tidy"],
    /^lifecycle\.rules\["tidy"\]\.transitions: Wasabi has one storage class, [^;]+$/,
  ],
  [
    "a rule of moves alone on Wasabi",
    "wasabi",
    [TIDY, { id: "move", transitions: [MOVE] }],
    ["tidy"],
    /^lifecycle\.rules\["move"\]\.transitions: .+; the rule does nothing else and is left out$/,
  ],
  [
    "moves of previous versions on Wasabi",
    "wasabi",
    [{ ...TIDY, noncurrentVersionTransitions: [{ noncurrentDays: 9, storageClass: "X" }] }],
    ["tidy"],
    /^lifecycle\.rules\["tidy"\]\.noncurrentVersionTransitions: Wasabi has one storage class/,
  ],
  [
    "unfinished uploads on MinIO",
    "minio",
    [{ ...TIDY, abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }],
    ["tidy"],
    /^lifecycle\.rules\["tidy"\]\.abortIncompleteMultipartUpload: MinIO removes unfinished uploads/,
  ],
  [
    "a second rule of one id",
    "aws",
    [TIDY, { ...TIDY, prefix: "b/" }],
    ["tidy"],
    /^lifecycle\.rules\["tidy"\]: a rule before it has the same id$/,
  ],
  [
    "a rule that does nothing",
    "aws",
    [TIDY, { id: "idle", expiration: { expiredObjectDeleteMarker: false } }],
    ["tidy"],
    /^lifecycle\.rules\["idle"\]: it says nothing that is to be done$/,
  ],
  [
    "a date that is none",
    "aws",
    [TIDY, { id: "when", expiration: { date: "soon" } }],
    ["tidy"],
    /^lifecycle\.rules\["when"\]: its date "soon" is no day of the form YYYY-MM-DD$/,
  ],
  [
    "two moves to one storage class",
    "aws",
    [TIDY, { id: "twice", transitions: [MOVE, { ...MOVE, days: 60 }] }],
    ["tidy"],
    /^lifecycle\.rules\["twice"\]: it moves to storage class "GLACIER" twice$/,
  ],
];

for (const [what, type, rules, ids, sentence] of CASES) {
  Deno.test(`${what}: told, and the rest is applied`, () => {
    const wanted = wantedRules(type, ...rules);
    assertEquals(wanted.ids, ids);
    assertEquals(wanted.told.length, 1);
    assertMatch(wanted.told[0]!, sentence);
  });
}

Deno.test("a service whose moves are not documented is asked for them", () => {
  const wanted = wantedRules("generic", { ...TIDY, transitions: [MOVE] });
  assertEquals(wanted.told, []);
  assertEquals(wanted.value.rules["tidy"]?.transitions, { GLACIER: { days: 30 } });
});

Deno.test("of days and date of an expiration, days count, as they did for the predecessor", () => {
  const { value } = wantedRules("aws", { id: "a", expiration: { days: 5, date: "2031-01-31" } });
  assertEquals(value.rules["a"]?.expiration, { days: 5 });
});

Deno.test("deleting before Wasabi's 90 days are over is a warning, on Wasabi alone", () => {
  const rules = [
    { id: "short", expiration: { days: 30 }, noncurrentVersionExpiration: { noncurrentDays: 89 } },
    { id: "long", expiration: { days: 90 } },
    { id: "off", status: "Disabled", expiration: { days: 1 } },
  ];
  const spec = bucketSpec({ lifecycle: { rules } });
  const [warning, ...more] = lifecycle.warnings!(spec, aService("wasabi"));
  assertEquals(more, []);
  assertMatch(
    warning!,
    /^Wasabi charges at least 90 days .+: spec\.lifecycle\.rules\["short"\]\.expiration\.days \(30\), .+noncurrentDays \(89\)$/,
  );
  assertEquals(lifecycle.warnings!(spec, aService("aws")), []);
  assertEquals(lifecycle.desired(spec, aService("wasabi"))?.leftOut, []);
});

Deno.test("a warning about a thousand rules names five of them", () => {
  const rules = Array.from({ length: 1_000 }, (_, index) => ({
    id: `r${index}`,
    expiration: { days: 1 },
  }));
  const spec = bucketSpec({ lifecycle: { rules } });
  const [warning] = lifecycle.warnings!(spec, aService("wasabi"));
  assertMatch(warning!, /"r4"\]\.expiration\.days \(1\) and 995 more$/);
});

Deno.test("object lock cannot be had later, but on AWS, and never be lost", () => {
  const [on, off] = [{ enabled: true }, { enabled: false }];
  const why = (desired: typeof on, observed: typeof on, type: ServiceType) =>
    objectLock.impossible!(desired, observed, aService(type))?.why;
  assertMatch(why(on, off, "wasabi")!, /only when a bucket is made/);
  assertMatch(why(on, off, "minio")!, /only when a bucket is made/);
  assertEquals(why(on, off, "aws"), undefined);
  assertMatch(why(off, on, "aws")!, /stays for as long as the bucket does/);
  assertEquals(why(on, on, "wasabi"), undefined);
});

Deno.test("a replication rule without priority goes before those after it", () => {
  const destination = { bucket: "copies" };
  const rules = [{ id: "a", destination }, { id: "b", destination }, {
    id: "b",
    destination: { bucket: "others" },
  }];
  const wanted = replication.desired(bucketSpec({ replication: { rules } }), aService("aws"))!;
  const priorities = Object.entries(wanted.value.rules).map(([id, { priority }]) => [id, priority]);
  assertEquals(priorities, [["a", 3], ["b", 2]]);
  assertEquals(wanted.value.rules["a"]?.destination.bucket, "arn:aws:s3:::copies");
  assertEquals(wanted.leftOut.map(({ field }) => field), ['replication.rules["b"]']);
});
