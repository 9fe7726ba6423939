/** Cases about single objects: creation, reading, replacing, validation. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { type KubernetesCase, METADATA_ONLY } from "./place.ts";
import { aWidget } from "./widgets.ts";

const creating: readonly KubernetesCase[] = [
  {
    claim: "a created object has generation 1, a uid, a resourceVersion and a creation time",
    run: async ({ send, widgets, namespace }) => {
      const { status, body } = await send("POST", widgets, { body: aWidget("a") });
      assertEquals([status, body.metadata.generation, body.metadata.namespace], [
        201,
        1,
        namespace,
      ]);
      assertMatch(body.metadata.uid, /^[0-9a-f-]{36}$/);
      assertMatch(body.metadata.resourceVersion, /^[1-9]\d*$/);
      assertMatch(body.metadata.creationTimestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    },
  },
  {
    claim: "a name that is taken is refused with AlreadyExists",
    run: async ({ send, create, widgets }) => {
      await create(widgets, aWidget("a"));
      const { status, body } = await send("POST", widgets, { body: aWidget("a") });
      assertEquals([status, body.reason, body.details.name], [409, "AlreadyExists", "a"]);
      assertEquals(body.message, 'widgets.conformance.example.dev "a" already exists');
    },
  },
  {
    claim: "a created object remembers the field manager that its maker names",
    run: async ({ send, widgets }) => {
      const path = `${widgets}?fieldManager=some-maker`;
      const { status, body } = await send("POST", path, { body: aWidget("a") });
      const [entry] = body.metadata.managedFields;
      assertEquals([status, entry.manager, entry.operation], [201, "some-maker", "Update"]);
      const again = await send("POST", path, { body: aWidget("a") });
      assertEquals([again.status, again.body.reason], [409, "AlreadyExists"]);
    },
  },
  {
    claim: "generateName makes a name of its own each time",
    run: async ({ create, widgets }) => {
      const body = { ...aWidget("x"), metadata: { generateName: "made-" } };
      const names = [];
      for (let round = 0; round < 2; round++) {
        names.push((await create(widgets, body)).metadata.name);
      }
      for (const name of names) assertMatch(name, /^made-[a-z0-9]{5}$/);
      assertNotEquals(names[0], names[1]);
    },
  },
  {
    claim: "a name that is no DNS subdomain is refused",
    run: async ({ send, widgets }) => {
      const { status, body } = await send("POST", widgets, { body: aWidget("Not_a_name") });
      assertEquals([status, body.reason], [422, "Invalid"]);
      assertEquals(body.details.causes[0].field, "metadata.name");
    },
  },
  {
    claim: "an object in a namespace that does not exist is refused with NotFound",
    run: async ({ send, widgets, namespace }) => {
      const path = widgets.replace(namespace, `${namespace}-missing`);
      const { status, body } = await send("POST", path, { body: aWidget("a") });
      assertEquals([status, body.reason, body.details.kind], [404, "NotFound", "namespaces"]);
    },
  },
  {
    claim: "dry-run answers with what would be stored and stores nothing",
    run: async ({ send, widgets }) => {
      const answer = await send("POST", `${widgets}?dryRun=All`, { body: aWidget("a") });
      assertEquals([answer.status, answer.body.spec.size], [201, 3]);
      assertEquals((await send("GET", `${widgets}/a`)).status, 404);
    },
  },
  {
    claim: "a kind or version that does not fit the path is refused",
    run: async ({ send, widgets }) => {
      const otherKind = { ...aWidget("a"), kind: "Gadget" };
      const kind = await send("POST", widgets, { body: otherKind });
      assertEquals([kind.status, kind.body.details.causes[0].field], [422, "kind"]);
      const otherVersion = { ...aWidget("a"), apiVersion: "conformance.example.dev/v2" };
      const version = await send("POST", widgets, { body: otherVersion });
      assertEquals([version.status, version.body.reason], [400, "BadRequest"]);
    },
  },
  {
    claim: "a custom object has to name its kind, a built-in one need not",
    run: async ({ send, create, widgets, core }) => {
      const metadata = { name: "a" };
      const custom = await send("POST", widgets, { body: { metadata } });
      assertEquals([custom.status, custom.body.reason], [400, "BadRequest"]);
      const secret = await create(core("secrets"), { metadata });
      assertEquals([secret.apiVersion, secret.kind], ["v1", "Secret"]);
    },
  },
];

const reading: readonly KubernetesCase[] = [
  {
    claim: "a missing object is NotFound, with its name and kind in the details",
    run: async ({ send, widgets }) => {
      const { status, body } = await send("GET", `${widgets}/missing`);
      assertEquals([status, body.kind, body.reason], [404, "Status", "NotFound"]);
      assertEquals(body.message, 'widgets.conformance.example.dev "missing" not found');
      const details = { name: "missing", group: "conformance.example.dev", kind: "widgets" };
      assertEquals(body.details, details);
    },
  },
  {
    claim: "an object can be read as its metadata alone",
    run: async ({ send, create, widgets }) => {
      await create(widgets, aWidget("a", {}, { labels: { is: "here" } }));
      const { body } = await send("GET", `${widgets}/a`, { accept: METADATA_ONLY });
      assertEquals([body.kind, body.apiVersion], ["PartialObjectMetadata", "meta.k8s.io/v1"]);
      assertEquals([body.spec, body.metadata.labels], [undefined, { is: "here" }]);
    },
  },
  {
    claim: "a Table has the definition's columns",
    run: async ({ send, create, widgets }) => {
      await create(widgets, aWidget("a"));
      const accept = "application/json;as=Table;g=meta.k8s.io;v=v1";
      const { body } = await send("GET", widgets, { accept });
      const columns = body.columnDefinitions.map(({ name }: { name: string }) => name);
      assertEquals([body.kind, columns], ["Table", ["Name", "Color"]]);
      assertEquals(body.rows[0].cells, ["a", "red"]);
    },
  },
];

const replacing: readonly KubernetesCase[] = [
  {
    claim: "replacing an object needs its current resourceVersion",
    run: async ({ send, create, widgets }) => {
      const first = await create(widgets, aWidget("a"));
      const path = `${widgets}/a`;
      const second = await send("PUT", path, { body: { ...first, spec: { color: "green" } } });
      assertEquals([second.status, second.body.metadata.generation], [200, 2]);
      const stale = await send("PUT", path, { body: first });
      assertEquals([stale.status, stale.body.reason], [409, "Conflict"]);
      assertStringIncludes(stale.body.message, "the object has been modified");
    },
  },
  {
    claim: "replacing without a resourceVersion is refused",
    run: async ({ send, create, widgets }) => {
      await create(widgets, aWidget("a"));
      const { status, body } = await send("PUT", `${widgets}/a`, { body: aWidget("a") });
      assertEquals([status, body.reason], [422, "Invalid"]);
      assertStringIncludes(body.message, "metadata.resourceVersion");
    },
  },
  {
    claim: "labels and annotations do not change the generation, the spec does",
    run: async ({ create, must, widgets }) => {
      await create(widgets, aWidget("a"));
      const path = `${widgets}/a`;
      const labelled = await must("PATCH", path, { body: { metadata: { labels: { a: "b" } } } });
      assertEquals(labelled.metadata.generation, 1);
      const changed = await must("PATCH", path, { body: { spec: { size: 4 } } });
      assertEquals(changed.metadata.generation, 2);
    },
  },
];

const validating: readonly KubernetesCase[] = [
  {
    claim: "unknown fields are pruned with a warning, and defaults are filled in",
    run: async ({ send, widgets }) => {
      const { status, body, headers } = await send("POST", widgets, {
        body: aWidget("a", { unknown: 1, free: { kept: 1 } }),
      });
      assertEquals(status, 201);
      assertEquals(body.spec, { color: "red", size: 3, free: { kept: 1 } });
      assertEquals(headers.get("warning"), '299 - "unknown field \\"spec.unknown\\""');
    },
  },
  {
    claim: "strict field validation refuses unknown and double fields",
    run: async ({ send, widgets }) => {
      const path = `${widgets}?fieldValidation=Strict`;
      const unknown = await send("POST", path, { body: aWidget("a", { unknown: 1 }) });
      assertEquals([unknown.status, unknown.body.reason], [400, "BadRequest"]);
      assertStringIncludes(unknown.body.message, 'unknown field "spec.unknown"');
      const text = JSON.stringify(aWidget("a")).replace('"color"', '"color":"green","color"');
      const double = await send("POST", path, { body: text });
      assertEquals(double.status, 400);
      assertStringIncludes(double.body.message, "color");
    },
  },
  {
    claim: "ignoring field validation prunes without a warning",
    run: async ({ send, widgets }) => {
      const path = `${widgets}?fieldValidation=Ignore`;
      const { status, headers } = await send("POST", path, { body: aWidget("a", { unknown: 1 }) });
      assertEquals([status, headers.get("warning")], [201, null]);
    },
  },
  {
    claim: "a refusal names each field that breaks the schema",
    run: async ({ send, widgets }) => {
      const spec = { color: "blue", size: 0, label: "TOO LONG FOR IT" };
      const { status, body } = await send("POST", widgets, { body: aWidget("a", spec) });
      assertEquals([status, body.reason, body.details.kind], [422, "Invalid", "Widget"]);
      const causes: readonly { readonly field: string }[] = body.details.causes;
      const fields = causes.map(({ field }) => field).filter((field) => field.startsWith("spec."));
      assertEquals([...new Set(fields)].sort(), ["spec.color", "spec.label", "spec.size"]);
    },
  },
  {
    claim: "a missing required field is FieldValueRequired",
    run: async ({ send, widgets }) => {
      const body = { ...aWidget("a"), spec: {} };
      const answer = await send("POST", widgets, { body });
      const [cause] = answer.body.details.causes;
      assertEquals(answer.status, 422);
      assertEquals([cause.reason, cause.field], ["FieldValueRequired", "spec.color"]);
    },
  },
  {
    claim: "a value of the wrong type is FieldValueTypeInvalid",
    run: async ({ send, widgets }) => {
      const { status, body } = await send("POST", widgets, { body: aWidget("a", { size: "3" }) });
      const [cause] = body.details.causes;
      assertEquals([status, cause.reason], [422, "FieldValueTypeInvalid"]);
    },
  },
  {
    claim: "a CEL rule refuses with its message, and one with oldSelf only changes",
    run: async ({ send, create, widgets }) => {
      const large = await send("POST", widgets, { body: aWidget("a", { size: 100 }) });
      assertEquals(large.status, 422);
      assertStringIncludes(large.body.message, "size must be below 100");
      await create(widgets, aWidget("a", { fixed: "one" }));
      const change = { body: { spec: { fixed: "two" } } };
      const refused = await send("PATCH", `${widgets}/a`, change);
      assertEquals(refused.status, 422);
      assertStringIncludes(refused.body.message, "fixed cannot be changed");
    },
  },
  {
    claim: "null drops a field, unless the field may be null",
    run: async ({ create, widgets }) => {
      const made = await create(widgets, aWidget("a", { label: null, nothing: null }));
      assertEquals(made.spec, { color: "red", size: 3, nothing: null });
    },
  },
  {
    claim: "an item may be in a set once",
    run: async ({ send, widgets }) => {
      const { status, body } = await send("POST", widgets, {
        body: aWidget("a", { set: ["x", "x"] }),
      });
      assertEquals(status, 422);
      assert(
        body.details.causes.some((cause: { reason: string }) =>
          cause.reason === "FieldValueDuplicate"
        ),
      );
    },
  },
  {
    claim: "int-or-string takes both",
    run: async ({ create, send, widgets }) => {
      assertEquals((await create(widgets, aWidget("a", { count: 1 }))).spec.count, 1);
      assertEquals((await create(widgets, aWidget("b", { count: "1" }))).spec.count, "1");
      const { status } = await send("POST", widgets, { body: aWidget("c", { count: true }) });
      assertEquals(status, 422);
    },
  },
];

/** All cases of this file. */
export const objectCases: readonly KubernetesCase[] = [
  ...creating,
  ...reading,
  ...replacing,
  ...validating,
];
