import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { CustomResource, Json } from "../../../../src/api/common.ts";
import { KubeError } from "../../../../src/kube/error.ts";
import {
  type ChildKind,
  childObject,
  childrenOf,
} from "../../../../src/resources/bucket/auto_manage/children.ts";
import {
  type ChildStore,
  keepChildren,
  type KeepInput,
} from "../../../../src/resources/bucket/auto_manage/keep.ts";
import type { TestObject } from "../../../support/builders.ts";
import { bucketSpec, storedBucket } from "../fixture.ts";

const BUCKET = storedBucket({ spec: { name: "data" } });
const OWNER = { apiVersion: "v", kind: "Bucket", name: "one", uid: "uid-one", controller: true };

/** A store that notes what is written. */
class NotingStore implements ChildStore {
  readonly objects = new Map<string, CustomResource>();
  readonly writes: string[] = [];
  refusal: KubeError | undefined;

  find(kind: ChildKind): CustomResource | undefined {
    return this.objects.get(kind);
  }

  create(kind: ChildKind, _namespace: string | undefined, body: Json): Promise<CustomResource> {
    if (this.refusal !== undefined) return Promise.reject(this.refusal);
    this.writes.push(`create ${kind} ${(body as TestObject).metadata.name}`);
    return Promise.resolve(body as unknown as CustomResource);
  }

  apply(kind: ChildKind, name: { readonly name: string }, spec: object): Promise<void> {
    this.writes.push(`apply ${kind} ${name.name} ${Object.keys(spec)}`);
    return Promise.resolve();
  }
}

function inputWith(store: ChildStore, extra: Partial<KeepInput> = {}): KeepInput {
  const spec = bucketSpec({ name: "data" });
  return { spec, hasIam: true, mayChange: true, mayCreate: true, store, ...extra };
}

/** All children as they should be, Ready, with changes to their specs. */
function stored(store: NotingStore, changes: Partial<Record<ChildKind, TestObject>> = {}): void {
  for (const child of childrenOf(BUCKET, bucketSpec({ name: "data" }))) {
    const { spec } = childObject(BUCKET, child) as TestObject;
    store.objects.set(child.kind, {
      apiVersion: "v",
      kind: child.kind,
      metadata: {
        name: child.name,
        uid: `uid-${child.kind}`,
        resourceVersion: "1",
        generation: 1,
        ownerReferences: [OWNER],
      },
      spec: { ...spec, ...changes[child.kind] },
      status: {
        conditions: [{ type: "Ready", status: "True", reason: "Ready", observedGeneration: 1 }],
      },
    });
  }
}

Deno.test("the children have the names, references and actions of the predecessor", () => {
  const [user, key, policy] = childrenOf(BUCKET, bucketSpec({ name: "data" }));
  assertEquals([user?.name, key?.name, policy?.name], ["one-user", "one-accesskey", "one-policy"]);
  assertEquals(user?.spec["providerRef"], { name: "main", namespace: "home" });
  assertEquals(key?.spec["userRef"], { name: "one-user" });
  assertEquals(key?.spec["rotate"], {
    enabled: false,
    intervalDays: 90,
    previousKeysRetentionDays: 7,
  });
  const { statement } = policy?.spec["policy"] as TestObject;
  assertEquals(statement[0].sid, "Allow-data-Access");
  assertEquals(statement[0].action, [
    "s3:GetObject",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:ListBucket",
  ]);
});

Deno.test("missing children are made, and equal ones are left alone", async () => {
  const store = new NotingStore();
  const first = await keepChildren(BUCKET, inputWith(store));
  assertEquals(store.writes, [
    "create User one-user",
    "create AccessKey one-accesskey",
    "create BucketPolicy one-policy",
  ]);
  assertEquals(first.kind === "kept" && first.problems.length, 3);
  store.writes.length = 0;
  stored(store);
  const second = await keepChildren(BUCKET, inputWith(store));
  assertEquals(second, { kind: "kept", problems: [], heldBack: [], equal: true });
  assertEquals(store.writes, []);
});

Deno.test("a field of the AccessKey that the Bucket does not have is its own", async () => {
  const store = new NotingStore();
  const rotate = { enabled: false, intervalDays: 90, previousKeysRetentionDays: 7 };
  stored(store, { AccessKey: { rotate: { ...rotate, revokeOnlyWhenUnused: true } } });
  await keepChildren(BUCKET, inputWith(store));
  assertEquals(store.writes, []);
});

Deno.test("only what differs is written, and nothing without leave", async () => {
  const store = new NotingStore();
  stored(store, { User: { policy: { version: "2012-10-17", statement: [] } } });
  const held = await keepChildren(BUCKET, inputWith(store, { mayChange: false }));
  assertEquals(held.kind === "kept" && held.heldBack, ['User "one-user" differs in policy']);
  assertEquals(store.writes, []);
  await keepChildren(BUCKET, inputWith(store));
  assertEquals(store.writes, ["apply User one-user policy"]);
});

Deno.test("a user's name that changed is told, because it cannot be", async () => {
  const store = new NotingStore();
  stored(store, { User: { name: "before" } });
  const state = await keepChildren(BUCKET, inputWith(store));
  assertStringIncludes(JSON.stringify(state), 'its name is \\"before\\" and cannot be changed');
  assertEquals(store.writes, []);
});

Deno.test("a child that exists though the watch does not show it is looked at again", async () => {
  const store = new NotingStore();
  store.refusal = new KubeError("exists", { code: 409, reason: "AlreadyExists" });
  const state = await keepChildren(BUCKET, inputWith(store));
  assertEquals(state.kind === "kept" && state.equal, false);
  store.refusal = new KubeError("no", { code: 403, reason: "Forbidden" });
  await assertRejects(() => keepChildren(BUCKET, inputWith(store)), KubeError);
});

const OFF = [
  [{ enabled: false }, true, "off"],
  [undefined, false, "off"],
  [{ enabled: true }, false, "impossible"],
] as const;

for (const [autoManage, hasIam, kind] of OFF) {
  Deno.test(`autoManage ${JSON.stringify(autoManage)} ${hasIam ? "with" : "without"} IAM is ${kind}`, async () => {
    const store = new NotingStore();
    const spec = bucketSpec({ ...(autoManage === undefined ? {} : { autoManage }) });
    const state = await keepChildren(BUCKET, inputWith(store, { spec, hasIam }));
    assertEquals([state.kind, store.writes], [kind, []]);
  });
}
