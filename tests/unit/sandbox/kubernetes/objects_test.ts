import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { aWidget, JSON_PATCH, MERGE, WIDGETS, withCluster } from "./cluster.ts";

Deno.test("an object is created once, with uid, generation 1 and without its status", () =>
  withCluster(async ({ send }) => {
    const body = aWidget("a", {}, { status: { phase: "mine" } });
    const created = await send("POST", WIDGETS, { body });
    assertEquals(created.status, 201);
    assertEquals(created.body.metadata.generation, 1);
    assertEquals(created.body.status, undefined);
    assertMatch(created.body.metadata.uid, /^[0-9a-f-]{36}$/);
    const again = await send("POST", WIDGETS, { body });
    assertEquals([again.status, again.body.reason], [409, "AlreadyExists"]);
  }));

Deno.test("generateName makes a name that did not exist", () =>
  withCluster(async ({ send }) => {
    const body = { ...aWidget("x"), metadata: { generateName: "made-" } };
    const first = await send("POST", WIDGETS, { body });
    const second = await send("POST", WIDGETS, { body });
    assertMatch(first.body.metadata.name, /^made-[a-z0-9]{5}$/);
    assertNotEquals(first.body.metadata.name, second.body.metadata.name);
  }));

Deno.test("creating in a missing namespace answers 404 for the namespace", () =>
  withCluster(async ({ send }) => {
    const path = WIDGETS.replace("/default/", "/absent/");
    const answer = await send("POST", path, { body: aWidget("a") });
    assertEquals([answer.status, answer.body.details.kind], [404, "namespaces"]);
  }));

Deno.test("a write that changes nothing keeps the resourceVersion", () =>
  withCluster(async ({ send }) => {
    const created = await send("POST", WIDGETS, { body: aWidget("a") });
    const body = { spec: { color: "red" } };
    const patched = await send("PATCH", `${WIDGETS}/a`, { body, contentType: MERGE });
    assertEquals(patched.body.metadata.resourceVersion, created.body.metadata.resourceVersion);
  }));

Deno.test("generation counts changes of the specification only", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const label = { metadata: { labels: { a: "b" } } };
    const labelled = await send("PATCH", `${WIDGETS}/a`, { body: label, contentType: MERGE });
    assertEquals(labelled.body.metadata.generation, 1);
    const status = { status: { phase: "x" }, spec: { color: "green" } };
    const reported = await send("PATCH", `${WIDGETS}/a/status`, {
      body: status,
      contentType: MERGE,
    });
    assertEquals([reported.body.metadata.generation, reported.body.spec.color], [1, "red"]);
    const spec = { spec: { color: "green" }, status: { phase: "ignored" } };
    const changed = await send("PATCH", `${WIDGETS}/a`, { body: spec, contentType: MERGE });
    assertEquals([changed.body.metadata.generation, changed.body.status.phase], [2, "x"]);
  }));

Deno.test("a status write on a missing object answers 404", () =>
  withCluster(async ({ send }) => {
    const body = { status: { phase: "x" } };
    const answer = await send("PATCH", `${WIDGETS}/a/status`, { body, contentType: MERGE });
    assertEquals(answer.status, 404);
  }));

Deno.test("a write with an outdated resourceVersion answers 409 and changes nothing", () =>
  withCluster(async ({ send }) => {
    const created = await send("POST", WIDGETS, { body: aWidget("a") });
    const { resourceVersion } = created.body.metadata;
    const body = { spec: { color: "green" } };
    await send("PATCH", `${WIDGETS}/a`, { body, contentType: MERGE });
    const stale = aWidget("a", { size: 9 }, { metadata: { resourceVersion } });
    const put = await send("PUT", `${WIDGETS}/a`, { body: stale });
    assertEquals([put.status, put.body.reason], [409, "Conflict"]);
    const patch = { metadata: { resourceVersion }, spec: { size: 9 } };
    const patched = await send("PATCH", `${WIDGETS}/a`, { body: patch, contentType: MERGE });
    assertEquals(patched.status, 409);
    assertEquals((await send("GET", `${WIDGETS}/a`)).body.spec.size, 3);
  }));

Deno.test("a PUT of a custom resource without resourceVersion is refused", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const answer = await send("PUT", `${WIDGETS}/a`, { body: aWidget("a", { size: 9 }) });
    assertEquals(answer.status, 422);
    assertStringIncludes(answer.body.message, "must be specified for an update");
  }));

Deno.test("a JSON patch whose test fails answers 422 and changes nothing", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const body = [
      { op: "replace", path: "/spec/size", value: 9 },
      { op: "test", path: "/spec/color", value: "green" },
    ];
    const answer = await send("PATCH", `${WIDGETS}/a`, { body, contentType: JSON_PATCH });
    assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
    assertEquals((await send("GET", `${WIDGETS}/a`)).body.spec.size, 3);
  }));

Deno.test("a strategic merge patch of a custom resource answers 415", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const contentType = "application/strategic-merge-patch+json";
    const answer = await send("PATCH", `${WIDGETS}/a`, { body: {}, contentType });
    assertEquals(answer.status, 415);
  }));

Deno.test("a dry run answers the outcome and stores nothing", () =>
  withCluster(async ({ send }) => {
    const dry = await send("POST", `${WIDGETS}?dryRun=All`, { body: aWidget("a") });
    assertEquals([dry.status, dry.body.spec.size], [201, 3]);
    assertEquals((await send("GET", `${WIDGETS}/a`)).status, 404);
  }));

Deno.test("stringData of a Secret becomes data and is not stored", () =>
  withCluster(async ({ send }) => {
    const path = "/api/v1/namespaces/default/secrets";
    const body = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { a: "ä" },
    };
    await send("POST", path, { body });
    const read = await send("GET", `${path}/s`);
    assertEquals([read.body.data, read.body.stringData], [{ a: "w6Q=" }, undefined]);
    assertEquals(read.body.type, "Opaque");
  }));

Deno.test("an event is served in both groups under each group's names", () =>
  withCluster(async ({ send }) => {
    const body = {
      apiVersion: "events.k8s.io/v1",
      kind: "Event",
      metadata: { name: "e" },
      eventTime: "2026-01-01T00:00:00.000000Z",
      reportingController: "example.dev/operator",
      reportingInstance: "one",
      action: "Do",
      reason: "Done",
      type: "Normal",
      note: "Hello",
      regarding: { kind: "Widget", name: "a", namespace: "default" },
    };
    const path = "/apis/events.k8s.io/v1/namespaces/default/events";
    assertEquals((await send("POST", path, { body })).status, 201);
    const list = await send(
      "GET",
      "/api/v1/namespaces/default/events?fieldSelector=involvedObject.name%3Da",
    );
    assertEquals(list.body.items[0].message, "Hello");
    const { reportingInstance: _, ...incomplete } = body;
    const refused = await send("POST", path, { body: { ...incomplete, metadata: { name: "f" } } });
    assertEquals(refused.status, 422);
  }));

Deno.test("discovery and OpenAPI name the installed kind, and nothing unknown is served", () =>
  withCluster(async ({ send }) => {
    const resources = (await send("GET", "/apis/example.dev/v1")).body.resources;
    assertEquals(
      resources.map(({ name }: { name: string }) => name),
      ["widgets", "widgets/status"],
    );
    const document = (await send("GET", "/openapi/v3/apis/example.dev/v1")).body;
    assert("dev.example.v1.Widget" in document.components.schemas);
    assertEquals((await send("GET", "/apis/example.dev/v1/gadgets")).status, 404);
    assertEquals((await send("GET", "/api/v1/pods")).body.reason, "NotFound");
  }));

Deno.test("a table has the columns of the definition", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const status = { status: { conditions: [{ type: "Ready", status: "True" }] } };
    await send("PATCH", `${WIDGETS}/a/status`, { body: status, contentType: MERGE });
    const accept = "application/json;as=Table;g=meta.k8s.io;v=v1";
    const table = (await send("GET", WIDGETS, { accept })).body;
    assertEquals(table.rows[0].cells, ["a", "red", "True"]);
    assertEquals(table.rows[0].object.kind, "PartialObjectMetadata");
  }));

Deno.test("metadata-only answers hold no data", () =>
  withCluster(async ({ send }) => {
    const path = "/api/v1/namespaces/default/secrets";
    const body = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { a: "b" },
    };
    await send("POST", path, { body });
    const accept = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    const list = (await send("GET", path, { accept })).body;
    assertEquals(Object.keys(list.items[0]).sort(), ["apiVersion", "kind", "metadata"]);
  }));

Deno.test("the request log holds what was asked, newest last, until it is cleared", () =>
  withCluster(async ({ send, server }) => {
    server.requests.clear();
    await send("GET", `${WIDGETS}/a?x=1`);
    const asked = { method: "GET", path: `${WIDGETS}/a`, query: "x=1", userAgent: "test/1" };
    assertEquals(server.requests.all(), [{ ...asked, accept: "*/*", status: 404 }]);
    server.requests.clear();
    assertEquals(server.requests.length, 0);
  }));
