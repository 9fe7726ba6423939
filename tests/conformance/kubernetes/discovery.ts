/** Cases about what the server tells of itself: discovery, OpenAPI, definitions, refusals. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { TestObject } from "../../support/builders.ts";
import { eventually } from "../../support/eventually.ts";
import { APPLY, DEFINITIONS, type KubernetesCase } from "./place.ts";
import { widgetDefinition } from "./widgets.ts";

const GROUP = "conformance.example.dev";
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

const telling: readonly KubernetesCase[] = [
  {
    claim: "the version is one of Kubernetes",
    run: async ({ must }) => {
      const { major, gitVersion } = await must("GET", "/version");
      assertEquals(major, "1");
      assertMatch(gitVersion, /^v1\.\d+\.\d+/);
    },
  },
  {
    claim: "health is told in plain words",
    run: async ({ send }) => {
      for (const path of ["/healthz", "/readyz", "/livez"]) {
        const { status, body } = await send("GET", path);
        assertEquals([status, body], [200, "ok"]);
      }
    },
  },
  {
    claim: "a definition's group, version and kind are discovered",
    run: async ({ must }) => {
      const { groups } = await must("GET", "/apis");
      const group = groups.find(({ name }: TestObject) => name === GROUP);
      assertEquals(group.preferredVersion, { groupVersion: `${GROUP}/v1`, version: "v1" });
      const { resources } = await must("GET", `/apis/${GROUP}/v1`);
      const widgets = resources.find(({ name }: TestObject) => name === "widgets");
      assertEquals([widgets.kind, widgets.namespaced], ["Widget", true]);
      assertEquals([...widgets.verbs].sort(), [
        "create",
        "delete",
        "deletecollection",
        "get",
        "list",
        "patch",
        "update",
        "watch",
      ]);
      const status = resources.find(({ name }: TestObject) => name === "widgets/status");
      assertEquals([...status.verbs].sort(), ["get", "patch", "update"]);
    },
  },
  {
    claim: "aggregated discovery shows the same",
    run: async ({ send }) => {
      const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
      await eventually(async () => {
        const { body } = await send("GET", "/apis", { accept });
        assertEquals(body.kind, "APIGroupDiscoveryList");
        const group = body.items.find(({ metadata }: TestObject) => metadata.name === GROUP);
        const [{ resources }] = group.versions;
        const widgets = resources.find(({ resource }: TestObject) => resource === "widgets");
        assertEquals([widgets.responseKind.kind, widgets.scope], ["Widget", "Namespaced"]);
      }, PATIENCE);
    },
  },
  {
    claim: "OpenAPI v3 describes a definition's fields",
    run: async ({ must }) => {
      await eventually(async () => {
        // The real server calls its index text.
        const index = await must("GET", "/openapi/v3");
        const { paths } = typeof index === "string" ? JSON.parse(index) : index;
        const { serverRelativeURL } = paths[`apis/${GROUP}/v1`];
        const { components } = await must("GET", serverRelativeURL);
        const schemas: readonly TestObject[] = Object.values(components.schemas);
        const widget = schemas.find((schema) =>
          schema["x-kubernetes-group-version-kind"]?.[0]?.kind === "Widget"
        );
        assertEquals(widget.properties.spec.properties.color.enum, ["red", "green"]);
        assert(widget.properties.metadata);
      }, PATIENCE);
    },
  },
];

const defining: readonly KubernetesCase[] = [
  {
    claim: "an applied definition is established and serves, and takes its objects along",
    run: async ({ must, send, create, namespace }) => {
      const plural = `gadgets${namespace.replaceAll("-", "")}`;
      const body = widgetDefinition(plural, `Gadget${namespace.replaceAll("-", "")}`);
      const path = `${DEFINITIONS}/${body.metadata.name}`;
      const contentType = APPLY;
      await must("PATCH", `${path}?fieldManager=one&force=true`, { body, contentType });
      await eventually(async () => {
        const { status } = await must("GET", path);
        const isTrue = (type: string) =>
          status.conditions.some((one: TestObject) => one.type === type && one.status === "True");
        assert(isTrue("Established") && isTrue("NamesAccepted"));
      }, PATIENCE);
      const collection = `/apis/${GROUP}/v1/namespaces/${namespace}/${plural}`;
      await eventually(() => must("GET", collection), PATIENCE);
      await create(collection, {
        apiVersion: `${GROUP}/v1`,
        kind: body.spec.names.kind,
        metadata: { name: "a" },
        spec: { color: "red" },
      });
      await must("DELETE", path);
      await eventually(
        async () => assertEquals((await send("GET", path)).status, 404),
        PATIENCE,
      );
      await eventually(
        async () => assertEquals((await send("GET", collection)).status, 404),
        PATIENCE,
      );
    },
  },
  {
    claim: "a definition whose schema is not structural is refused",
    run: async ({ send }) => {
      const body = widgetDefinition("broken", "Broken");
      body.spec.versions[0].schema.openAPIV3Schema.properties.spec = { properties: { a: {} } };
      const answer = await send("POST", `${DEFINITIONS}?dryRun=All`, { body });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
    },
  },
  {
    claim: "a definition with a name that does not fit its spec is refused",
    run: async ({ send }) => {
      const body = widgetDefinition("misnamed", "Misnamed");
      body.metadata.name = "something.else.example.dev";
      const answer = await send("POST", `${DEFINITIONS}?dryRun=All`, { body });
      assertEquals(answer.status, 422);
    },
  },
];

const refusing: readonly KubernetesCase[] = [
  {
    claim: "a path or kind that is not served is 404",
    run: async ({ send, core }) => {
      for (const path of ["/nowhere", "/apis/none.example.dev/v1/things", core("things")]) {
        assertEquals((await send("GET", path)).status, 404, path);
      }
    },
  },
  {
    claim: "a body that is no JSON is a bad request",
    run: async ({ send, widgets }) => {
      const { status, body } = await send("POST", widgets, { body: "{" });
      assertEquals([status, body.reason], [400, "BadRequest"]);
    },
  },
  {
    claim: "a method that a collection does not know is not allowed",
    run: async ({ send, core }) => {
      const { status, body } = await send("PUT", core("secrets"), { body: {} });
      assertEquals([status, body.reason], [405, "MethodNotAllowed"]);
    },
  },
  {
    claim: "a subresource that a kind lacks is 404",
    run: async ({ send, widgets }) => {
      assertEquals((await send("GET", `${widgets}/a/scale`)).status, 404);
    },
  },
];

/** All cases of this file. */
export const discoveryCases: readonly KubernetesCase[] = [...telling, ...defining, ...refusing];
