import { assertEquals } from "@std/assert";
import type { Bucket } from "../../../../src/api/bucket.ts";
import { keyOf } from "../../../../src/api/key.ts";
import { findConflict } from "../../../../src/resources/bucket/conflict.ts";
import type { TestObject } from "../../../support/builders.ts";
import { storedBucket, storedProvider } from "../fixture.ts";

const PROVIDERS = [
  storedProvider({}),
  storedProvider({ metadata: { name: "other-region" }, spec: { region: "eu-west-1" } }),
  storedProvider({ metadata: { name: "minio" }, spec: { endpoint: "http://minio:9000" } }),
  storedProvider({ metadata: { name: "minio-too" }, spec: { endpoint: "http://minio:9000/" } }),
];

const lookup = {
  provider: (key: string) => PROVIDERS.find((provider) => keyOf(provider) === key),
  namespaceLabels: () => undefined,
};

function aRival(uid: string, parts: TestObject = {}): Bucket {
  return storedBucket({ ...parts, metadata: { uid, name: uid, ...parts.metadata } });
}

function uses(provider: string): TestObject {
  return { spec: { providerRef: { name: provider } } };
}

const OLDER = { creationTimestamp: "2025-01-01T00:00:00Z" };
const OWNS = { status: { ownership: "Created" } };

const CASES: readonly (readonly [string, Bucket, Bucket, boolean])[] = [
  ["an older object", aRival("b"), aRival("a", { metadata: OLDER }), true],
  ["a younger object", aRival("b", { metadata: OLDER }), aRival("a"), false],
  ["one of the same second, by uid", aRival("b"), aRival("a"), true],
  ["one of the same second, by uid, the other way", aRival("a"), aRival("b"), false],
  [
    "a younger object that owns the bucket",
    aRival("b", { metadata: OLDER }),
    aRival("c", OWNS),
    true,
  ],
  [
    "an older object, where this one owns it",
    aRival("b", OWNS),
    aRival("a", { metadata: OLDER }),
    false,
  ],
  [
    "one that is being deleted",
    aRival("b"),
    aRival("a", { metadata: { ...OLDER, deletionTimestamp: "2026-01-01T00:00:00Z" } }),
    true,
  ],
  ["one of another Wasabi region", aRival("b"), aRival("a", uses("other-region")), true],
  ["one at another service", aRival("b"), aRival("a", uses("minio")), false],
  [
    "one by another Provider of the same service",
    aRival("b", uses("minio")),
    aRival("a", uses("minio-too")),
    true,
  ],
  ["one whose Provider does not exist", aRival("b"), aRival("a", uses("none")), false],
  [
    "one whose Provider is gone, and that reached the bucket before",
    aRival("b"),
    aRival("a", { ...uses("none"), status: { endpoint: "https://s3.wasabisys.com" } }),
    true,
  ],
  ["itself", aRival("a"), aRival("a", { metadata: OLDER }), false],
];

for (const [what, bucket, rival, inTheWay] of CASES) {
  Deno.test(`${what} is ${inTheWay ? "" : "not "}in the way`, () => {
    const conflict = findConflict(bucket, { rivals: [rival], lookup });
    assertEquals(conflict?.metadata.uid, inTheWay ? rival.metadata.uid : undefined);
  });
}

Deno.test("of any two objects exactly one is in the way of the other", () => {
  const all = [aRival("a"), aRival("b", { metadata: OLDER }), aRival("c", OWNS), aRival("d", OWNS)];
  for (const left of all) {
    for (const right of all.filter((other) => other !== left)) {
      const forward = findConflict(left, { rivals: [right], lookup }) !== undefined;
      const back = findConflict(right, { rivals: [left], lookup }) !== undefined;
      assertEquals(forward, !back);
    }
  }
});
