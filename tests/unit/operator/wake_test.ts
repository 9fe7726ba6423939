import { assertEquals } from "@std/assert";
import type { Provider } from "../../../src/api/provider.ts";
import {
  changesReadiness,
  dependentProviders,
  refersElsewhere,
  rivalsOf,
} from "../../../src/operator/wake.ts";
import { keyOf } from "../../../src/api/key.ts";
import type { Bucket } from "../../../src/api/bucket.ts";
import type { Informer } from "../../../src/watch/informer.ts";
import { storedBucket, storedProvider } from "../resources/fixture.ts";

function ready(status: string, generation = 1): Provider {
  return storedProvider({
    metadata: { generation },
    status: {
      conditions: [{ type: "Ready", status, reason: "r", observedGeneration: generation }],
    },
  });
}

const READINESS: readonly (readonly [string, Provider, Provider, boolean])[] = [
  ["that becomes ready", ready("False"), ready("True"), true],
  ["that fails", ready("True"), ready("False"), true],
  ["that is tried for the first time", storedProvider({}), ready("True"), true],
  ["whose spec changed", ready("True"), ready("True", 2), true],
  ["that stays as it is", ready("True"), ready("True"), false],
];

for (const [what, before, object, matters] of READINESS) {
  Deno.test(`a Provider ${what} ${matters ? "wakes" : "does not wake"} its Buckets`, () => {
    assertEquals(changesReadiness({ kind: "updated", before, object }), matters);
  });
}

Deno.test("a Provider that comes or goes wakes its Buckets", () => {
  for (const kind of ["added", "deleted"] as const) {
    assertEquals(changesReadiness({ kind, object: ready("True") }), true);
  }
});

function informerOf<T extends Bucket | Provider>(...objects: readonly T[]): Informer<T> {
  return {
    list: () => objects,
    get: (key: string) => objects.find((object) => keyOf(object) === key),
    by: (_index: string, value: string) =>
      objects.filter((object) => (object as Bucket).spec?.name === value),
  } as unknown as Informer<T>;
}

Deno.test("a Bucket that goes away wakes those that ask for its name", () => {
  const bucket = storedBucket({});
  const rival = storedBucket({ metadata: { name: "two" } });
  const other = storedBucket({ metadata: { name: "three" }, spec: { name: "bucket-two" } });
  assertEquals(rivalsOf(bucket, informerOf(rival, other)), ["home/two"]);
});

Deno.test("a Bucket wakes its Provider only while that is being deleted", () => {
  const bucket = storedBucket({});
  const deleted = storedProvider({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } });
  assertEquals(dependentProviders(bucket, informerOf(deleted)), ["home/main"]);
  assertEquals(dependentProviders(bucket, informerOf(storedProvider({}))), []);
  assertEquals(dependentProviders(bucket, informerOf<Provider>()), []);
});

Deno.test("changed labels of a namespace wake those of its Buckets that refer to another one", () => {
  const near = storedBucket({});
  const far = storedBucket({
    metadata: { name: "far" },
    spec: { providerRef: { name: "main", namespace: "away" } },
  });
  assertEquals(refersElsewhere("home", informerOf(near, far)), ["home/far"]);
  assertEquals(refersElsewhere("away", informerOf(near, far)), []);
});
