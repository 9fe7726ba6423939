/** Cases about patches, server-side apply and status (runtime A4.1). */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { TestObject } from "../../support/builders.ts";
import { APPLY, JSON_PATCH, type KubernetesCase, type Place } from "./place.ts";
import { aWidget, conditionsOf } from "./widgets.ts";

const READY = { type: "Ready", status: "True", reason: "Done" };
const OTHER = { type: "Other", status: "True", reason: "Done" };

function apply(
  { send }: Place,
  path: string,
  options: { readonly as: string; readonly body: TestObject; readonly force?: boolean },
) {
  const query = `fieldManager=${options.as}${options.force ? "&force=true" : ""}`;
  return send("PATCH", `${path}?${query}`, { body: options.body, contentType: APPLY });
}

function typesOf(object: TestObject): readonly string[] {
  return object.status.conditions.map(({ type }: TestObject) => type);
}

/** A Widget with one condition each of the managers `one` and `two`. */
async function withTwoManagers(place: Place): Promise<string> {
  await place.create(place.widgets, aWidget("a"));
  const path = `${place.widgets}/a/status`;
  await apply(place, path, { as: "one", body: conditionsOf("a", READY) });
  const { body } = await apply(place, path, { as: "two", body: conditionsOf("a", OTHER) });
  assertEquals([...typesOf(body)].sort(), ["Other", "Ready"]);
  return path;
}

const applying: readonly KubernetesCase[] = [
  {
    claim: "the same apply twice changes nothing, not even the resourceVersion",
    run: async (place) => {
      const options = { as: "one", body: aWidget("a") };
      const first = await apply(place, `${place.widgets}/a`, options);
      const second = await apply(place, `${place.widgets}/a`, options);
      assertEquals([first.status, second.status], [201, 200]);
      assertEquals(second.body, first.body);
    },
  },
  {
    claim: "a field that its only applier leaves out is removed",
    run: async (place) => {
      const path = `${place.widgets}/a`;
      await apply(place, path, { as: "one", body: aWidget("a", { label: "x", size: 5 }) });
      const { body } = await apply(place, path, { as: "one", body: aWidget("a", { size: 5 }) });
      assertEquals(body.spec, { color: "red", size: 5 });
    },
  },
  {
    claim: "managedFields names manager, operation and fields",
    run: async (place) => {
      const { body } = await apply(place, `${place.widgets}/a`, { as: "one", body: aWidget("a") });
      const [entry] = body.metadata.managedFields;
      assertEquals([entry.manager, entry.operation, entry.apiVersion, entry.fieldsType], [
        "one",
        "Apply",
        "conformance.example.dev/v1",
        "FieldsV1",
      ]);
      assertEquals(entry.fieldsV1, { "f:spec": { "f:color": {} } });
    },
  },
  {
    claim: "a conflict names manager and field, and force takes the field over",
    run: async (place) => {
      const path = await withTwoManagers(place);
      const theirs = conditionsOf("a", { ...OTHER, status: "False" });
      const refused = await apply(place, path, { as: "one", body: theirs });
      assertEquals([refused.status, refused.body.reason], [409, "Conflict"]);
      const [cause] = refused.body.details.causes;
      assertEquals(cause.field, '.status.conditions[type="Other"].status');
      assertStringIncludes(cause.message, 'conflict with "two"');
      const forced = await apply(place, path, { as: "one", body: theirs, force: true });
      assertEquals(forced.status, 200);
    },
  },
  {
    claim: "conditions of two managers are merged by type, and each drops only its own",
    run: async (place) => {
      const path = await withTwoManagers(place);
      const { body } = await apply(place, path, { as: "one", body: conditionsOf("a") });
      assertEquals(typesOf(body), ["Other"]);
    },
  },
  {
    claim: "an apply needs a field manager, and a resource of the same name",
    run: async ({ send, widgets }) => {
      const path = `${widgets}/a`;
      const nobody = await send("PATCH", path, { body: aWidget("a"), contentType: APPLY });
      assertEquals([nobody.status, nobody.body.details.causes[0].field], [422, "fieldManager"]);
      const other = await send("PATCH", `${path}?fieldManager=one`, {
        body: aWidget("b"),
        contentType: APPLY,
      });
      assertEquals(other.status, 400);
    },
  },
  {
    claim: "an apply with the uid of another object does not bring a deleted one back",
    run: async (place) => {
      const uid = "00000000-0000-4000-8000-000000000000";
      const body = aWidget("a", {}, { uid });
      const { status, body: answer } = await apply(place, `${place.widgets}/a`, {
        as: "one",
        body,
        force: true,
      });
      assertEquals([status, answer.reason], [409, "Conflict"]);
      assertEquals((await place.send("GET", `${place.widgets}/a`)).status, 404);
    },
  },
  {
    claim: "an apply with a stale resourceVersion is a conflict",
    run: async (place) => {
      const { metadata } = await place.create(place.widgets, aWidget("a"));
      await place.must("PATCH", `${place.widgets}/a`, { body: { spec: { size: 9 } } });
      const body = aWidget("a", {}, { resourceVersion: metadata.resourceVersion });
      const options = { as: "one", body, force: true };
      assertEquals((await apply(place, `${place.widgets}/a`, options)).status, 409);
    },
  },
  {
    claim:
      "null in an apply is refused, unless the field has a default; elsewhere it means nothing",
    run: async (place) => {
      const path = `${place.widgets}/a`;
      const refused = await apply(place, path, { as: "one", body: aWidget("a", { label: null }) });
      assertEquals([refused.status, refused.body.details.causes[0].field], [422, "spec.label"]);
      const made = await apply(place, path, { as: "one", body: aWidget("a", { size: null }) });
      assertEquals([made.status, made.body.spec.size], [201, 3]);
      const created = await place.create(place.widgets, aWidget("b", { label: null, size: null }));
      assertEquals([created.spec.label, created.spec.size], [undefined, 3]);
    },
  },
  {
    claim: "dry-run of an apply stores nothing",
    run: async (place) => {
      const path = `${place.widgets}/a`;
      const dryRun = await place.send("PATCH", `${path}?fieldManager=one&dryRun=All`, {
        body: aWidget("a"),
        contentType: APPLY,
      });
      assertEquals([dryRun.status, dryRun.body.spec.size], [201, 3]);
      assertEquals((await place.send("GET", path)).status, 404);
    },
  },
  {
    claim: "strict validation of an apply refuses an unknown field",
    run: async ({ send, widgets }) => {
      const query = "fieldManager=one&force=true&fieldValidation=Strict";
      const body = aWidget("a", { unknown: 1 });
      const { status } = await send("PATCH", `${widgets}/a?${query}`, { body, contentType: APPLY });
      assert(status === 400 || status === 500, `${status}`);
      assertEquals((await send("GET", `${widgets}/a`)).status, 404);
    },
  },
];

const patching: readonly KubernetesCase[] = [
  {
    claim: "a merge patch that changes nothing leaves the resourceVersion",
    run: async ({ create, must, widgets }) => {
      const made = await create(widgets, aWidget("a"));
      const same = await must("PATCH", `${widgets}/a`, { body: { spec: { color: "red" } } });
      assertEquals(same.metadata.resourceVersion, made.metadata.resourceVersion);
    },
  },
  {
    claim: "a merge patch replaces a list as a whole, foreign conditions too",
    run: async (place) => {
      const path = await withTwoManagers(place);
      const body = { status: { conditions: [READY] } };
      assertEquals(typesOf(await place.must("PATCH", path, { body })), ["Ready"]);
    },
  },
  {
    claim: "a merge patch with a stale resourceVersion is a conflict",
    run: async ({ create, must, send, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      await must("PATCH", `${widgets}/a`, { body: { spec: { size: 9 } } });
      const { resourceVersion } = metadata;
      const body = { metadata: { resourceVersion }, spec: { size: 8 } };
      const { status, body: answer } = await send("PATCH", `${widgets}/a`, { body });
      assertEquals([status, answer.reason], [409, "Conflict"]);
    },
  },
  {
    claim: "null in a merge patch removes a field",
    run: async ({ create, must, widgets }) => {
      await create(widgets, aWidget("a", { label: "x" }));
      const patched = await must("PATCH", `${widgets}/a`, { body: { spec: { label: null } } });
      assertEquals(patched.spec, { color: "red", size: 3 });
    },
  },
  {
    claim: "a JSON patch whose test fails is Invalid and changes nothing",
    run: async ({ create, send, widgets }) => {
      const made = await create(widgets, aWidget("a"));
      const body = [
        { op: "test", path: "/metadata/uid", value: "another" },
        { op: "add", path: "/metadata/finalizers", value: ["example.com/hold"] },
      ];
      const path = `${widgets}/a`;
      const answer = await send("PATCH", path, { body, contentType: JSON_PATCH });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
      assertEquals((await send("GET", path)).body, made);
    },
  },
  {
    claim: "a JSON patch adds and replaces finalizers while its test holds",
    run: async ({ create, must, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const path = `${widgets}/a`;
      const added = await must("PATCH", `${path}?fieldManager=one`, {
        contentType: JSON_PATCH,
        body: [
          { op: "test", path: "/metadata/uid", value: metadata.uid },
          { op: "test", path: "/metadata/resourceVersion", value: metadata.resourceVersion },
          { op: "add", path: "/metadata/finalizers", value: ["example.com/hold"] },
        ],
      });
      assertEquals(added.metadata.finalizers, ["example.com/hold"]);
      const replaced = await must("PATCH", `${path}?fieldManager=one`, {
        contentType: JSON_PATCH,
        body: [
          { op: "test", path: "/metadata/finalizers", value: ["example.com/hold"] },
          { op: "replace", path: "/metadata/finalizers", value: [] },
        ],
      });
      assertEquals(replaced.metadata.finalizers, undefined);
    },
  },
  {
    claim: "a patch of a missing object is NotFound, only an apply creates",
    run: async ({ send, widgets }) => {
      const { status } = await send("PATCH", `${widgets}/a`, { body: { spec: { size: 1 } } });
      assertEquals(status, 404);
    },
  },
  {
    claim: "a patch of an unknown content type is refused",
    run: async ({ create, send, widgets }) => {
      await create(widgets, aWidget("a"));
      const { status, body } = await send("PATCH", `${widgets}/a`, {
        body: { spec: { size: 1 } },
        contentType: "application/json",
      });
      assertEquals([status, body.reason], [415, "UnsupportedMediaType"]);
    },
  },
  {
    claim: "strategic merge patch is for built-in kinds only",
    run: async ({ create, send, must, widgets, core }) => {
      const contentType = "application/strategic-merge-patch+json";
      await create(widgets, aWidget("a"));
      const body = { metadata: { labels: { a: "b" } } };
      assertEquals((await send("PATCH", `${widgets}/a`, { body, contentType })).status, 415);
      await create(core("secrets"), { metadata: { name: "a" } });
      const secret = await must("PATCH", `${core("secrets")}/a`, { body, contentType });
      assertEquals(secret.metadata.labels, { a: "b" });
    },
  },
];

const status: readonly KubernetesCase[] = [
  {
    claim: "a status write leaves the generation and ignores the spec",
    run: async ({ create, must, widgets }) => {
      await create(widgets, aWidget("a"));
      const body = { spec: { color: "green" }, status: { observedGeneration: 1 } };
      const written = await must("PATCH", `${widgets}/a/status`, { body });
      assertEquals([written.metadata.generation, written.spec.color], [1, "red"]);
      assertEquals(written.status, { observedGeneration: 1 });
    },
  },
  {
    claim: "a write of the object ignores its status",
    run: async ({ create, must, widgets }) => {
      const made = await create(widgets, { ...aWidget("a"), status: { observedGeneration: 9 } });
      assertEquals(made.status, undefined);
      const body = { status: { observedGeneration: 9 } };
      const patched = await must("PATCH", `${widgets}/a`, { body });
      assertEquals(patched.status, undefined);
    },
  },
  {
    claim: "patch and apply of a missing object's status are NotFound: nothing is made by them",
    run: async (place) => {
      const path = `${place.widgets}/a/status`;
      const body = { status: { observedGeneration: 1 } };
      assertEquals((await place.send("PATCH", path, { body })).status, 404);
      const options = { as: "one", body: conditionsOf("a", READY), force: true };
      assertEquals((await apply(place, path, options)).status, 404);
      assertEquals((await place.send("GET", `${place.widgets}/a`)).status, 404);
    },
  },
  {
    claim: "the same status applied twice leaves the resourceVersion",
    run: async (place) => {
      await place.create(place.widgets, aWidget("a"));
      const options = { as: "one", body: conditionsOf("a", READY), force: true };
      const path = `${place.widgets}/a/status`;
      const first = await apply(place, path, options);
      const second = await apply(place, path, options);
      assertEquals(second.body, first.body);
    },
  },
  {
    claim: "a status that breaks the schema is refused",
    run: async (place) => {
      await place.create(place.widgets, aWidget("a"));
      const body = conditionsOf("a", { type: "Ready", status: "Maybe" });
      const path = `${place.widgets}/a/status`;
      const answer = await apply(place, path, { as: "one", body, force: true });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
    },
  },
];

/** All cases of this file. */
export const writingCases: readonly KubernetesCase[] = [...applying, ...patching, ...status];
