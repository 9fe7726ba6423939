import { assertEquals, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../../../src/sandbox/kubernetes/json.ts";
import type { Answer, Cluster } from "./cluster.ts";
import { APPLY, aWidget, JSON_PATCH, MERGE, WIDGETS, withCluster } from "./cluster.ts";

function apply(
  { send }: Cluster,
  manager: string,
  options: { spec?: JsonObject; status?: JsonObject; force?: boolean; metadata?: JsonObject },
): Promise<Answer> {
  const { spec, status, force = false, metadata = {} } = options;
  const body = {
    apiVersion: "example.dev/v1",
    kind: "Widget",
    metadata: { name: "a", ...metadata },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
  };
  const path = `${WIDGETS}/a${status === undefined ? "" : "/status"}`;
  const query = `?fieldManager=${manager}&force=${force}`;
  return send("PATCH", path + query, { body, contentType: APPLY });
}

// deno-lint-ignore no-explicit-any -- managedFields are read by path
function fieldsOf(answer: Answer, manager: string): any {
  const entries = answer.body.metadata.managedFields as { manager: string; fieldsV1: unknown }[];
  return entries.find((entry) => entry.manager === manager)?.fieldsV1;
}

Deno.test("apply creates what is missing and owns exactly the applied fields", () =>
  withCluster(async (cluster) => {
    const spec = { color: "red", rules: [{ id: "1", value: 1 }], set: ["x"], nested: { x: "1" } };
    const created = await apply(cluster, "one", { spec });
    assertEquals([created.status, created.body.spec.size], [201, 3]);
    assertEquals(fieldsOf(created, "one"), {
      "f:spec": {
        "f:color": {},
        "f:nested": { "f:x": {} },
        "f:rules": { 'k:{"id":"1"}': { ".": {}, "f:id": {}, "f:value": {} } },
        "f:set": { 'v:"x"': {} },
      },
    });
  }));

Deno.test("the same apply twice writes nothing", () =>
  withCluster(async (cluster) => {
    const first = await apply(cluster, "one", { spec: { color: "red" } });
    const second = await apply(cluster, "one", { spec: { color: "red" } });
    assertEquals(second.status, 200);
    assertEquals(second.body, first.body);
  }));

Deno.test("apply of another's field is refused with its path, and taken with force", () =>
  withCluster(async (cluster) => {
    await apply(cluster, "one", { spec: { color: "red", rules: [{ id: "1", value: 1 }] } });
    const spec = { color: "red", rules: [{ id: "1", value: 2 }] };
    const refused = await apply(cluster, "two", { spec });
    assertEquals([refused.status, refused.body.reason], [409, "Conflict"]);
    assertEquals(
      refused.body.details.causes.map(({ field }: { field: string }) => field),
      ['.spec.rules[id="1"].value'],
    );
    const forced = await apply(cluster, "two", { spec, force: true });
    assertEquals(forced.body.spec.rules[0].value, 2);
    assertEquals(
      fieldsOf(forced, "one")["f:spec"]["f:rules"]['k:{"id":"1"}']["f:value"],
      undefined,
    );
  }));

Deno.test("a field that its only manager no longer applies goes; a shared one stays", () =>
  withCluster(async (cluster) => {
    await apply(cluster, "one", { spec: { color: "red", name: "abc", nested: { x: "1" } } });
    await apply(cluster, "two", { spec: { color: "red", nested: { y: "2" } } });
    const dropped = await apply(cluster, "one", { spec: {} });
    assertEquals(dropped.body.spec, { color: "red", nested: { y: "2" }, size: 3 });
    assertEquals(fieldsOf(dropped, "one"), { "f:spec": {} });
  }));

Deno.test("conditions of two managers live side by side, and each removes only its own", () =>
  withCluster(async (cluster) => {
    await apply(cluster, "one", { spec: { color: "red" } });
    const ready = { conditions: [{ type: "Ready", status: "True" }] };
    const other = { conditions: [{ type: "Other", status: "True" }] };
    await apply(cluster, "one", { status: ready });
    const both = await apply(cluster, "two", { status: other });
    assertEquals(both.body.status.conditions.length, 2);
    assertEquals(both.body.metadata.generation, 1);
    const left = await apply(cluster, "two", { status: {} });
    assertEquals(left.body.status, ready);
  }));

Deno.test("an update takes the changed fields from whoever applied them", () =>
  withCluster(async (cluster) => {
    await apply(cluster, "one", { spec: { color: "red" } });
    const body = { spec: { color: "green" } };
    const updated = await cluster.send("PATCH", `${WIDGETS}/a?fieldManager=two`, {
      body,
      contentType: MERGE,
    });
    assertEquals(updated.body.metadata.managedFields.length, 1);
    const refused = await apply(cluster, "one", { spec: { color: "red" } });
    assertStringIncludes(refused.body.message, 'conflict with "two" using example.dev/v1');
  }));

Deno.test("owners can be rewritten by a patch of managedFields", () =>
  withCluster(async (cluster) => {
    await cluster.send("POST", `${WIDGETS}?fieldManager=old`, { body: aWidget("a") });
    const body = [
      { op: "replace", path: "/metadata/managedFields/0/manager", value: "one" },
      { op: "replace", path: "/metadata/managedFields/0/operation", value: "Apply" },
    ];
    await cluster.send("PATCH", `${WIDGETS}/a`, { body, contentType: JSON_PATCH });
    const applied = await apply(cluster, "one", { spec: { color: "green" } });
    assertEquals([applied.status, applied.body.spec], [200, { color: "green", size: 3 }]);
  }));

Deno.test("apply with a uid does not bring a deleted object back", () =>
  withCluster(async (cluster) => {
    const answer = await apply(cluster, "one", { spec: { color: "red" }, metadata: { uid: "u" } });
    assertEquals([answer.status, answer.body.reason], [409, "Conflict"]);
    const status = await apply(cluster, "one", { status: { phase: "x" } });
    assertEquals(status.status, 404);
  }));

Deno.test("apply refuses unknown fields, doubled keys and a missing manager", () =>
  withCluster(async (cluster) => {
    const unknown = await apply(cluster, "one", { spec: { color: "red", foo: 1 } });
    assertStringIncludes(unknown.body.message, ".spec.foo: field not declared in schema");
    const doubled = await apply(cluster, "one", {
      spec: { color: "red", rules: [{ id: "1" }, { id: "1" }] },
    });
    assertStringIncludes(doubled.body.message, 'duplicate entries for key [id="1"]');
    const nameless = await apply(cluster, "", { spec: { color: "red" } });
    assertStringIncludes(nameless.body.message, "is required for apply patch");
  }));

Deno.test("apply takes YAML", () =>
  withCluster(async ({ send }) => {
    const body =
      "apiVersion: example.dev/v1\nkind: Widget\nmetadata: {name: a}\nspec:\n  color: red\n";
    const path = `${WIDGETS}/a?fieldManager=one`;
    const answer = await send("PATCH", path, { body, contentType: APPLY });
    assertEquals([answer.status, answer.body.spec.color], [201, "red"]);
  }));
