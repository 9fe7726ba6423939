import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { JsonObject } from "../../../../src/sandbox/kubernetes/json.ts";
import { aWidget, MERGE, widgetDefinition, WIDGETS, withCluster } from "./cluster.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

Deno.test("each fault of a specification is told in the real server's words", () =>
  withCluster(async ({ send }) => {
    const faults: [JsonObject, string][] = [
      [{ name: "AB" }, `spec.name: Invalid value: "AB": spec.name in body should match '^[a-z]+$'`],
      [{ name: "abcdefghi" }, "spec.name: Too long: may not be more than 8 bytes"],
      [
        { size: 0 },
        "spec.size: Invalid value: 0: spec.size in body should be greater than or equal to 1",
      ],
      [
        { size: "x" },
        'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
      ],
      [
        { color: "blue" },
        'spec.color: Unsupported value: "blue": supported values: "red", "green"',
      ],
      [{ size: 200 }, "spec: Invalid value: size must be below 100"],
      [{ rules: [{ id: "1" }, { id: "1" }] }, 'spec.rules[1]: Duplicate value: {"id":"1"}'],
      [{ set: ["x", "x"] }, 'spec.set[1]: Duplicate value: "x"'],
      [{ rules: [{}] }, "spec.rules[0].id: Required value"],
    ];
    for (const [spec, message] of faults) {
      const answer = await send("POST", WIDGETS, { body: aWidget("a", spec) });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"], message);
      assertStringIncludes(answer.body.message, message);
      assert(answer.body.details.causes.length > 0);
    }
  }));

Deno.test("all faults of an object are told at once", () =>
  withCluster(async ({ send }) => {
    const body = aWidget("a", { name: "AB", size: 0 });
    const { message } = (await send("POST", WIDGETS, { body })).body;
    assertStringIncludes(message, "spec.name:");
    assertStringIncludes(message, "spec.size:");
  }));

Deno.test("transition rules hold on updates only", () =>
  withCluster(async ({ send }) => {
    const created = await send("POST", WIDGETS, { body: aWidget("a", { fixed: "one" }) });
    assertEquals(created.status, 201);
    const body = { spec: { fixed: "two" } };
    const changed = await send("PATCH", `${WIDGETS}/a`, { body, contentType: MERGE });
    assertEquals(changed.status, 422);
    assertStringIncludes(changed.body.message, "fixed cannot be changed");
  }));

Deno.test("unknown fields are refused, warned of or dropped as asked", () =>
  withCluster(async ({ send }) => {
    const body = aWidget("a", { foo: 1, free: { kept: 1 } });
    const strict = await send("POST", `${WIDGETS}?fieldValidation=Strict`, { body });
    assertEquals(strict.status, 400);
    assertStringIncludes(strict.body.message, 'strict decoding error: unknown field "spec.foo"');
    const warned = await send("POST", WIDGETS, { body });
    assertStringIncludes(warned.headers.get("warning") ?? "", "spec.foo");
    assertEquals(warned.body.spec, { color: "red", free: { kept: 1 }, size: 3 });
  }));

Deno.test("values that did not change pass rules that came after them", () =>
  withCluster(async ({ send }) => {
    const body = aWidget("a", { name: "abc", nested: { x: "1" } });
    await send("POST", WIDGETS, { body });
    const spec = {
      type: "object",
      properties: {
        color: { type: "string" },
        name: { type: "string", maxLength: 2 },
        nested: {
          type: "object",
          properties: { x: { type: "string" } },
          "x-kubernetes-validations": [{ rule: "self.x == '2'", message: "x must be 2" }],
        },
      },
    };
    const path = `${DEFINITIONS}/widgets.example.dev`;
    await send("PATCH", path, { body: widgetDefinition(spec), contentType: MERGE });
    const other = { spec: { color: "any" } };
    const allowed = await send("PATCH", `${WIDGETS}/a`, { body: other, contentType: MERGE });
    assertEquals([allowed.status, allowed.body.spec.color], [200, "any"]);
    const wrong = { spec: { name: "abcd" } };
    assertEquals(
      (await send("PATCH", `${WIDGETS}/a`, { body: wrong, contentType: MERGE })).status,
      422,
    );
  }));

Deno.test("a definition whose rule the server cannot evaluate is refused", () =>
  withCluster(async ({ send }) => {
    for (const rule of ["self.color ==", "isURL(self.color)"]) {
      const spec = {
        type: "object",
        properties: { color: { type: "string" } },
        "x-kubernetes-validations": [{ rule }],
      };
      const body = widgetDefinition(spec);
      const answer = await send("POST", `${DEFINITIONS}?dryRun=All`, { body });
      assertEquals(answer.status, 422, rule);
      assertStringIncludes(answer.body.message, "compilation failed");
    }
  }));

Deno.test("an installed definition is Established and stores its version", () =>
  withCluster(async ({ send }) => {
    const { status } = (await send("GET", `${DEFINITIONS}/widgets.example.dev`)).body;
    const established = status.conditions.find(({ type }: { type: string }) =>
      type === "Established"
    );
    assertEquals([established.status, status.storedVersions], ["True", ["v1"]]);
  }));

Deno.test("names and labels outside the grammar are refused", () =>
  withCluster(async ({ send }) => {
    const named = await send("POST", WIDGETS, { body: aWidget("A_b") });
    assertStringIncludes(named.body.message, "lowercase RFC 1123 subdomain");
    const metadata = { labels: { "a b": "c" } };
    const labelled = await send("POST", WIDGETS, { body: aWidget("a", {}, { metadata }) });
    assertEquals(labelled.status, 422);
  }));
