/** Cases about the built-in kinds that the operator or its users need. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type KubernetesCase, METADATA_ONLY_LIST, type Place } from "./place.ts";
import { aWidget } from "./widgets.ts";

const SECRET = { apiVersion: "v1", kind: "Secret" };

const secrets: readonly KubernetesCase[] = [
  {
    claim: "stringData becomes data, is never shown, and the type is Opaque",
    run: async ({ create, core }) => {
      const body = { ...SECRET, metadata: { name: "a" }, stringData: { key: "value" } };
      const made = await create(core("secrets"), body);
      assertEquals([made.data, made.stringData, made.type], [
        { key: btoa("value") },
        undefined,
        "Opaque",
      ]);
    },
  },
  {
    claim: "data that is no base64 is refused",
    run: async ({ send, core }) => {
      const body = { ...SECRET, metadata: { name: "a" }, data: { key: "?" } };
      assertEquals((await send("POST", core("secrets"), { body })).status, 400);
    },
  },
  {
    claim: "a key of data with a slash is refused",
    run: async ({ send, core }) => {
      const body = { ...SECRET, metadata: { name: "a" }, stringData: { "a/b": "x" } };
      const answer = await send("POST", core("secrets"), { body });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
    },
  },
  {
    claim: "the type of a Secret cannot be changed, nor an immutable one's data",
    run: async ({ create, send, core }) => {
      const path = `${core("secrets")}/a`;
      await create(core("secrets"), { ...SECRET, metadata: { name: "a" }, immutable: true });
      for (const body of [{ type: "example.com/other" }, { stringData: { a: "b" } }]) {
        const answer = await send("PATCH", path, { body });
        assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
      }
    },
  },
  {
    claim: "a Secret can be applied, replaced and deleted",
    run: async ({ must, core }) => {
      const path = `${core("secrets")}/a`;
      const body = { ...SECRET, metadata: { name: "a" }, stringData: { key: "one" } };
      const contentType = "application/apply-patch+yaml";
      const query = "?fieldManager=one&force=true";
      const made = await must("PATCH", `${path}${query}`, { body, contentType });
      assertEquals(made.data, { key: btoa("one") });
      const replaced = await must("PUT", path, { body: { ...made, data: { other: btoa("2") } } });
      assertEquals(replaced.data, { other: btoa("2") });
      await must("DELETE", path);
    },
  },
  {
    claim: "Secrets can be listed as metadata alone",
    run: async ({ create, send, core }) => {
      await create(core("secrets"), { ...SECRET, metadata: { name: "a" }, stringData: { k: "v" } });
      const accept = METADATA_ONLY_LIST;
      const { body } = await send("GET", `${core("secrets")}?limit=500`, { accept });
      assertEquals(body.kind, "PartialObjectMetadataList");
      assert(!JSON.stringify(body).includes(btoa("v")));
    },
  },
  {
    claim: "an empty list of metadata has null for its items",
    run: async ({ send, core }) => {
      const accept = METADATA_ONLY_LIST;
      const { body } = await send("GET", `${core("secrets")}?limit=500`, { accept });
      assertEquals(body.items, null);
    },
  },
  {
    claim: "Secrets can be selected by type",
    run: async ({ create, must, core }) => {
      const path = core("secrets");
      await create(path, { ...SECRET, metadata: { name: "a" }, type: "example.com/mine" });
      await create(path, { ...SECRET, metadata: { name: "b" } });
      const { items } = await must("GET", `${path}?fieldSelector=type%3Dexample.com/mine`);
      assertEquals(items.map(({ metadata }: { metadata: { name: string } }) => metadata.name), [
        "a",
      ]);
    },
  },
];

function leases({ namespace }: Place): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;
}

const A_LEASE = {
  apiVersion: "coordination.k8s.io/v1",
  kind: "Lease",
  metadata: { name: "leader" },
  spec: {
    holderIdentity: "one",
    leaseDurationSeconds: 15,
    acquireTime: "2026-01-01T00:00:00.000000Z",
    renewTime: "2026-01-01T00:00:00.000000Z",
  },
};

const leasing: readonly KubernetesCase[] = [
  {
    claim: "of two that renew a Lease from the same version one gets a conflict",
    run: async (place) => {
      const made = await place.create(leases(place), A_LEASE);
      const path = `${leases(place)}/leader`;
      const renewed = (holderIdentity: string) => ({
        body: { ...made, spec: { ...made.spec, holderIdentity } },
      });
      const first = await place.send("PUT", path, renewed("one-again"));
      const second = await place.send("PUT", path, renewed("two"));
      assertEquals([first.status, second.status], [200, 409]);
      assertEquals((await place.must("GET", path)).spec.holderIdentity, "one-again");
    },
  },
  {
    claim: "times of a Lease have six decimals, others are refused",
    run: async (place) => {
      const made = await place.create(leases(place), A_LEASE);
      assertEquals(made.spec.renewTime, "2026-01-01T00:00:00.000000Z");
      const body = { spec: { renewTime: "yesterday" } };
      const { status } = await place.send("PATCH", `${leases(place)}/leader`, { body });
      assertEquals(status, 422);
    },
  },
  {
    claim: "a Lease cannot last no time",
    run: async (place) => {
      const body = { ...A_LEASE, spec: { ...A_LEASE.spec, leaseDurationSeconds: 0 } };
      const answer = await place.send("POST", leases(place), { body });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
    },
  },
];

function newEvents({ namespace }: Place): string {
  return `/apis/events.k8s.io/v1/namespaces/${namespace}/events`;
}

function anEvent({ namespace }: Place) {
  return {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    metadata: { name: "event", namespace },
    eventTime: "2026-01-01T00:00:00.000000Z",
    reportingController: "example.com/controller",
    reportingInstance: "controller-0",
    action: "Reconcile",
    reason: "Made",
    type: "Normal",
    note: "Something was made",
    regarding: {
      apiVersion: "conformance.example.dev/v1",
      kind: "Widget",
      name: "a",
      namespace,
    },
  };
}

const events: readonly KubernetesCase[] = [
  {
    claim: "an Event of events.k8s.io is seen through both APIs under their names",
    run: async (place) => {
      await place.create(newEvents(place), anEvent(place));
      const body = await place.must("GET", `${place.core("events")}/event`);
      assertEquals([body.apiVersion, body.message], ["v1", "Something was made"]);
      assertEquals([body.involvedObject.name, body.reportingComponent], [
        "a",
        "example.com/controller",
      ]);
      const query = "fieldSelector=regarding.name%3Da";
      const { items } = await place.must("GET", `${newEvents(place)}?${query}`);
      assertEquals(items.length, 1);
    },
  },
  {
    claim: "an Event of the core API is selected by its object",
    run: async (place) => {
      const { create, must, core, namespace } = place;
      await create(core("events"), {
        metadata: { name: "old" },
        involvedObject: { kind: "Widget", name: "a", namespace },
        reason: "Made",
        message: "Something was made",
        type: "Normal",
        source: { component: "someone" },
      });
      const query = "fieldSelector=involvedObject.name%3Da,involvedObject.kind%3DWidget";
      const { items } = await must("GET", `${core("events")}?${query}`);
      assertEquals(items.map(({ message }: { message: string }) => message), [
        "Something was made",
      ]);
      assertEquals((await must("GET", `${newEvents(place)}/old`)).note, "Something was made");
    },
  },
  {
    claim: "an Event of events.k8s.io needs its reportingInstance, action and namespace",
    run: async (place) => {
      for (const field of ["reportingInstance", "action", "reportingController"]) {
        const body = { ...anEvent(place), [field]: undefined };
        const answer = await place.send("POST", newEvents(place), { body });
        assertEquals([answer.status, answer.body.reason], [422, "Invalid"], field);
        assertStringIncludes(answer.body.message, field);
      }
    },
  },
  {
    claim: "a note of more than 1,024 characters is refused",
    run: async (place) => {
      const body = { ...anEvent(place), note: "x".repeat(1_025) };
      assertEquals((await place.send("POST", newEvents(place), { body })).status, 422);
    },
  },
  {
    claim: "a repeated Event is counted in its series by a merge patch",
    run: async (place) => {
      await place.create(`${newEvents(place)}?fieldManager=one`, anEvent(place));
      const lastObservedTime = "2026-01-01T00:01:00.000000Z";
      const body = { series: { count: 2, lastObservedTime } };
      const path = `${newEvents(place)}/event?fieldManager=one`;
      const patched = await place.must("PATCH", path, { body });
      assertEquals(patched.series, { count: 2, lastObservedTime });
    },
  },
  {
    claim: "what an Event says cannot be changed",
    run: async (place) => {
      await place.create(newEvents(place), anEvent(place));
      const path = `${newEvents(place)}/event`;
      const { status } = await place.send("PATCH", path, { body: { reason: "Other" } });
      assertEquals(status, 422);
    },
  },
];

const others: readonly KubernetesCase[] = [
  {
    claim: "a ConfigMap is created and patched",
    run: async ({ create, must, core }) => {
      await create(core("configmaps"), { metadata: { name: "a" }, data: { key: "one" } });
      const body = { data: { key: "two" } };
      assertEquals((await must("PATCH", `${core("configmaps")}/a`, { body })).data, body.data);
    },
  },
  {
    claim: "built-in kinds know metadata.name as a field, and refuse unknown ones",
    run: async ({ create, send, core, widgets }) => {
      await create(widgets, aWidget("a"));
      const answer = await send("GET", `${core("secrets")}?fieldSelector=data.key%3Dx`);
      assertEquals([answer.status, answer.body.reason], [400, "BadRequest"]);
    },
  },
];

/** All cases of this file. */
export const builtinKindCases: readonly KubernetesCase[] = [
  ...secrets,
  ...leasing,
  ...events,
  ...others,
];
