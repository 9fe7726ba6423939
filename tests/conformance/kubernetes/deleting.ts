/** Cases about deletion: finalizers, preconditions, owners, namespaces. */
import { assert, assertEquals } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { JSON_PATCH, type KubernetesCase, NAMESPACES, type Place } from "./place.ts";
import { aWidget } from "./widgets.ts";

const HELD = { finalizers: ["example.com/hold"] };
const RELEASE = { metadata: { finalizers: null } };
/** The real controllers take their time. */
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };

async function untilGone({ send }: Place, path: string): Promise<void> {
  await eventually(async () => assertEquals((await send("GET", path)).status, 404), PATIENCE);
}

function ownedBy(owner: { metadata: { name: string; uid: string } }) {
  const { name, uid } = owner.metadata;
  const apiVersion = "conformance.example.dev/v1";
  return { ownerReferences: [{ apiVersion, kind: "Widget", name, uid }] };
}

const finalizing: readonly KubernetesCase[] = [
  {
    claim: "an object without finalizers is gone when its deletion is answered",
    run: async ({ create, send, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const { status, body } = await send("DELETE", `${widgets}/a`);
      assertEquals([status, body.kind, body.status], [200, "Status", "Success"]);
      assertEquals(body.details.uid, metadata.uid);
      assertEquals((await send("GET", `${widgets}/a`)).status, 404);
      assertEquals((await send("DELETE", `${widgets}/a`)).status, 404);
    },
  },
  {
    claim: "a finalizer holds a deleted object, one generation further, with a deletionTimestamp",
    run: async ({ create, must, widgets }) => {
      await create(widgets, aWidget("a", {}, HELD));
      const held = await must("DELETE", `${widgets}/a`);
      assertEquals(held.metadata.generation, 2);
      assertEquals(held.metadata.deletionGracePeriodSeconds, 0);
      assert(held.metadata.deletionTimestamp);
      const again = await must("DELETE", `${widgets}/a`);
      assertEquals(again.metadata.resourceVersion, held.metadata.resourceVersion);
    },
  },
  {
    claim: "the spec of a deleted object can be changed until its last finalizer goes",
    run: async (place) => {
      const { create, must, send, widgets } = place;
      const path = `${widgets}/a`;
      await create(widgets, aWidget("a", {}, HELD));
      await must("DELETE", path);
      const changed = await must("PATCH", path, { body: { spec: { size: 8 } } });
      assertEquals([changed.spec.size, changed.metadata.generation], [8, 3]);
      await must("PATCH", path, {
        contentType: JSON_PATCH,
        body: [{ op: "remove", path: "/metadata/finalizers" }],
      });
      assertEquals((await send("GET", path)).status, 404);
    },
  },
  {
    claim: "a deleted object takes no new finalizer",
    run: async ({ create, must, send, widgets }) => {
      await create(widgets, aWidget("a", {}, HELD));
      await must("DELETE", `${widgets}/a`);
      const finalizers = ["example.com/hold", "example.com/more"];
      const answer = await send("PATCH", `${widgets}/a`, { body: { metadata: { finalizers } } });
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
      await must("PATCH", `${widgets}/a`, { body: RELEASE });
    },
  },
  {
    claim: "a deletion with another uid or resourceVersion is a conflict",
    run: async ({ create, send, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const path = `${widgets}/a`;
      const wrongUid = { uid: "00000000-0000-4000-8000-000000000000" };
      for (const preconditions of [wrongUid, { resourceVersion: "1" }]) {
        const { status, body } = await send("DELETE", path, { body: { preconditions } });
        assertEquals([status, body.reason], [409, "Conflict"]);
      }
      const { uid } = metadata;
      assertEquals((await send("DELETE", path, { body: { preconditions: { uid } } })).status, 200);
    },
  },
  {
    claim: "dry-run of a deletion deletes nothing",
    run: async ({ create, must, widgets }) => {
      await create(widgets, aWidget("a"));
      await must("DELETE", `${widgets}/a?dryRun=All`);
      const kept = await must("GET", `${widgets}/a`);
      assertEquals(kept.metadata.deletionTimestamp, undefined);
    },
  },
  {
    claim: "a collection is deleted by selector, finalizers hold",
    run: async ({ create, must, widgets }) => {
      await create(widgets, aWidget("a", {}, { labels: { go: "yes" } }));
      await create(widgets, aWidget("b", {}, { labels: { go: "yes" }, ...HELD }));
      await create(widgets, aWidget("c"));
      await must("DELETE", `${widgets}?labelSelector=go%3Dyes`);
      const { items } = await must("GET", widgets);
      const left = items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
      assertEquals(left, ["b", "c"]);
      await must("PATCH", `${widgets}/b`, { body: RELEASE });
    },
  },
];

const collecting: readonly KubernetesCase[] = [
  {
    claim: "an object goes after its only owner",
    run: async (place) => {
      const { create, must, widgets, core } = place;
      const owner = await create(widgets, aWidget("owner"));
      const metadata = { name: "owned", ...ownedBy(owner) };
      await create(core("secrets"), { metadata });
      await must("DELETE", `${widgets}/owner`);
      await untilGone(place, `${core("secrets")}/owned`);
    },
  },
  {
    claim: "an object with another living owner stays",
    run: async (place) => {
      const { create, must, widgets, core } = place;
      const owner = await create(widgets, aWidget("owner"));
      const other = await create(widgets, aWidget("other"));
      const [first] = ownedBy(owner).ownerReferences;
      const [second] = ownedBy(other).ownerReferences;
      const metadata = { name: "owned", ownerReferences: [first, second] };
      await create(core("secrets"), { metadata });
      await must("DELETE", `${widgets}/owner`);
      await eventually(async () => {
        const owned = await must("GET", `${core("secrets")}/owned`);
        assertEquals(owned.metadata.ownerReferences, [second]);
      }, PATIENCE);
    },
  },
  {
    claim: "orphaned objects stay and lose their owner",
    run: async (place) => {
      const { create, must, widgets, core } = place;
      const owner = await create(widgets, aWidget("owner"));
      await create(core("secrets"), { metadata: { name: "owned", ...ownedBy(owner) } });
      const body = { propagationPolicy: "Orphan" };
      await must("DELETE", `${widgets}/owner`, { body });
      await untilGone(place, `${widgets}/owner`);
      const owned = await must("GET", `${core("secrets")}/owned`);
      assertEquals(owned.metadata.ownerReferences, undefined);
    },
  },
  {
    claim: "in the foreground an owner waits for what blocks it",
    run: async (place) => {
      const { create, must, widgets } = place;
      const owner = await create(widgets, aWidget("owner"));
      const [reference] = ownedBy(owner).ownerReferences;
      const ownerReferences = [{ ...reference, blockOwnerDeletion: true }];
      await create(widgets, aWidget("owned", {}, { ownerReferences, ...HELD }));
      const body = { propagationPolicy: "Foreground" };
      const waiting = await must("DELETE", `${widgets}/owner`, { body });
      assertEquals(waiting.metadata.finalizers, ["foregroundDeletion"]);
      await eventually(async () => {
        const owned = await must("GET", `${widgets}/owned`);
        assert(owned.metadata.deletionTimestamp);
      }, PATIENCE);
      assert((await must("GET", `${widgets}/owner`)).metadata.deletionTimestamp);
      await must("PATCH", `${widgets}/owned`, { body: RELEASE });
      await untilGone(place, `${widgets}/owner`);
    },
  },
];

const namespaces: readonly KubernetesCase[] = [
  {
    claim: "a deleted namespace takes nothing new, deletes what it holds and then goes",
    run: async (place) => {
      const { create, must, send, widgets, core, namespace } = place;
      const path = `${NAMESPACES}/${namespace}`;
      await create(widgets, aWidget("held", {}, HELD));
      await create(core("secrets"), { metadata: { name: "a" } });
      await must("DELETE", path);
      const terminating = await must("GET", path);
      assertEquals(terminating.status.phase, "Terminating");
      const refused = await send("POST", widgets, { body: aWidget("new") });
      assertEquals([refused.status, refused.body.reason], [403, "Forbidden"]);
      assertEquals(refused.body.details.causes[0].reason, "NamespaceTerminating");
      await eventually(async () => {
        const held = await must("GET", `${widgets}/held`);
        assert(held.metadata.deletionTimestamp);
      }, PATIENCE);
      await untilGone(place, `${core("secrets")}/a`);
      assertEquals((await send("GET", path)).status, 200);
      await must("PATCH", `${widgets}/held`, { body: RELEASE });
      await untilGone(place, path);
    },
  },
  {
    claim: "a namespace is Active, carries its name as a label and can be labelled",
    run: async ({ must, namespace }) => {
      const path = `${NAMESPACES}/${namespace}`;
      const made = await must("PATCH", path, { body: { metadata: { labels: { team: "a" } } } });
      assertEquals(made.status.phase, "Active");
      assertEquals(made.metadata.labels, { "kubernetes.io/metadata.name": namespace, team: "a" });
      assertEquals(made.spec.finalizers, ["kubernetes"]);
    },
  },
];

/** All cases of this file. */
export const deletingCases: readonly KubernetesCase[] = [
  ...finalizing,
  ...collecting,
  ...namespaces,
];
