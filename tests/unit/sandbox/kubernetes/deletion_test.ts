import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer, Cluster } from "./cluster.ts";
import { aWidget, JSON_PATCH, MERGE, WIDGETS, withCluster } from "./cluster.ts";

const FINALIZER = "example.dev/hold";

function held(name: string, metadata: object = {}): Record<string, unknown> {
  return { ...aWidget(name), metadata: { name, finalizers: [FINALIZER], ...metadata } };
}

function release({ send }: Cluster, path: string): Promise<Answer> {
  const body = [
    { op: "test", path: "/metadata/finalizers/0", value: FINALIZER },
    { op: "remove", path: "/metadata/finalizers/0" },
  ];
  return send("PATCH", path, { body, contentType: JSON_PATCH });
}

Deno.test("a finalizer holds the object, which counts its deletion as a generation", () =>
  withCluster(async (cluster) => {
    const { send } = cluster;
    await send("POST", WIDGETS, { body: held("a") });
    const marked = await send("DELETE", `${WIDGETS}/a`);
    assertEquals([marked.status, marked.body.metadata.generation], [200, 2]);
    assertEquals(typeof marked.body.metadata.deletionTimestamp, "string");
    const again = await send("DELETE", `${WIDGETS}/a`);
    assertEquals(again.body, marked.body);
    const more = { metadata: { finalizers: [FINALIZER, "example.dev/other"] } };
    const refused = await send("PATCH", `${WIDGETS}/a`, { body: more, contentType: MERGE });
    assertStringIncludes(refused.body.message, "no new finalizers can be added");
    const released = await release(cluster, `${WIDGETS}/a`);
    assertEquals([released.status, released.body.metadata.finalizers], [200, undefined]);
    assertEquals((await send("GET", `${WIDGETS}/a`)).status, 404);
  }));

Deno.test("preconditions guard a deletion", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    const body = { preconditions: { uid: "other" } };
    assertEquals((await send("DELETE", `${WIDGETS}/a`, { body })).status, 409);
    assertEquals((await send("DELETE", `${WIDGETS}/a?dryRun=All`)).status, 200);
    assertEquals((await send("GET", `${WIDGETS}/a`)).status, 200);
  }));

Deno.test("a collection is deleted by selector", () =>
  withCluster(async ({ send }) => {
    await send("POST", WIDGETS, { body: aWidget("a") });
    await send("POST", WIDGETS, { body: aWidget("b", { color: "green" }) });
    await send("DELETE", `${WIDGETS}?fieldSelector=spec.color%3Dgreen`);
    assertEquals((await send("GET", WIDGETS)).body.items.length, 1);
  }));

Deno.test("a namespace goes when the last object in it has gone", () =>
  withCluster(async (cluster) => {
    const { send } = cluster;
    const path = WIDGETS.replace("/default/", "/team/");
    const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name: "team" } };
    await send("POST", "/api/v1/namespaces", { body: namespace });
    await send("POST", path, { body: held("a") });
    await send("POST", path, { body: aWidget("b") });
    const marked = await send("DELETE", "/api/v1/namespaces/team");
    assertEquals(marked.body.status.phase, "Terminating");
    assertEquals((await send("GET", `${path}/b`)).status, 404);
    const late = await send("POST", path, { body: aWidget("c") });
    assertEquals([late.status, late.body.details.causes[0].reason], [403, "NamespaceTerminating"]);
    await release(cluster, `${path}/a`);
    assertEquals((await send("GET", "/api/v1/namespaces/team")).status, 404);
    assertEquals((await send("DELETE", "/api/v1/namespaces/default")).status, 403);
  }));

Deno.test("a definition takes its objects and its path with it", () =>
  withCluster(async (cluster) => {
    const { send } = cluster;
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.dev";
    await send("POST", WIDGETS, { body: held("a") });
    const events = await cluster.watch(`${WIDGETS}?watch=1&resourceVersion=0`);
    await send("DELETE", path);
    assertEquals((await send("GET", path)).status, 200);
    await release(cluster, `${WIDGETS}/a`);
    assertEquals((await send("GET", path)).status, 404);
    assertEquals((await send("GET", WIDGETS)).status, 404);
    await events.end();
  }));

async function familyOf(cluster: Cluster, blockOwnerDeletion = false): Promise<void> {
  const owner = (await cluster.send("POST", WIDGETS, { body: aWidget("owner") })).body;
  const reference = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: "owner",
    uid: owner.metadata.uid,
    blockOwnerDeletion,
  };
  await cluster.send("POST", WIDGETS, { body: held("child", { ownerReferences: [reference] }) });
}

Deno.test("background deletion of an owner deletes its dependents", () =>
  withCluster(async (cluster) => {
    await familyOf(cluster);
    await cluster.send("DELETE", `${WIDGETS}/owner`);
    assertEquals((await cluster.send("GET", `${WIDGETS}/owner`)).status, 404);
    const child = await cluster.send("GET", `${WIDGETS}/child`);
    assertEquals(typeof child.body.metadata.deletionTimestamp, "string");
  }));

Deno.test("foreground deletion keeps the owner until blocking dependents are gone", () =>
  withCluster(async (cluster) => {
    await familyOf(cluster, true);
    const body = { propagationPolicy: "Foreground" };
    await cluster.send("DELETE", `${WIDGETS}/owner`, { body });
    assertEquals((await cluster.send("GET", `${WIDGETS}/owner`)).status, 200);
    await release(cluster, `${WIDGETS}/child`);
    assertEquals((await cluster.send("GET", `${WIDGETS}/owner`)).status, 404);
  }));

Deno.test("orphaned dependents outlive their owner without a reference", () =>
  withCluster(async (cluster) => {
    await familyOf(cluster);
    await cluster.send("DELETE", `${WIDGETS}/owner`, { body: { propagationPolicy: "Orphan" } });
    const child = (await cluster.send("GET", `${WIDGETS}/child`)).body;
    assertEquals(child.metadata.ownerReferences, undefined);
    assertEquals(child.metadata.deletionTimestamp, undefined);
  }));

Deno.test("an object whose owner never was is collected", () =>
  withCluster(async (cluster) => {
    const reference = { apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "none" };
    const body = aWidget("a", {}, { metadata: { ownerReferences: [reference] } });
    assertEquals((await cluster.send("POST", WIDGETS, { body })).status, 201);
    assertEquals((await cluster.send("GET", `${WIDGETS}/a`)).status, 404);
  }));
