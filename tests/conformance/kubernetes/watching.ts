/** Cases about WATCH (runtime A1.1). */
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { TestObject } from "../../support/builders.ts";
import { eventually } from "../../support/eventually.ts";
import { type KubernetesCase, METADATA_ONLY, NAMESPACES } from "./place.ts";
import { type WatchReader, WatchRefused } from "./watch_reader.ts";
import { aWidget } from "./widgets.ts";

/** How the operator watches: from nowhere, and from a version. */
const LIVE = "watch=1&allowWatchBookmarks=true&timeoutSeconds=300";
const WATCH_LIST = `${LIVE}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`;
const INITIAL_END = "k8s.io/initial-events-end";

function typesOf(events: readonly TestObject[]): readonly string[] {
  return events.map(({ type }) => type);
}

/** The object of the next event in a namespace. */
async function untilOf(events: WatchReader, namespace: string): Promise<TestObject> {
  for (;;) {
    const { object } = await events.next();
    if (object.metadata.namespace === namespace) return object;
  }
}

const live: readonly KubernetesCase[] = [
  {
    claim: "a watch resumes after its resourceVersion and tells each change in order",
    run: async ({ create, must, watch, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      await create(widgets, aWidget("b"));
      const events = await watch(`${widgets}?${LIVE}&resourceVersion=${metadata.resourceVersion}`);
      await must("PATCH", `${widgets}/a`, { body: { spec: { size: 7 } } });
      await must("DELETE", `${widgets}/a`);
      const seen = [await events.next(), await events.next(), await events.next()];
      assertEquals(typesOf(seen), ["ADDED", "MODIFIED", "DELETED"]);
      assertEquals(seen.map(({ object }) => object.metadata.name), ["b", "a", "a"]);
      const versions = seen.map(({ object }) => BigInt(object.metadata.resourceVersion));
      assert(versions[0]! < versions[1]! && versions[1]! < versions[2]!);
    },
  },
  {
    claim: "a watch without resourceVersion begins with what is there",
    run: async ({ create, watch, widgets }) => {
      await create(widgets, aWidget("a"));
      const events = await watch(`${widgets}?watch=1`);
      const { type, object } = await events.next();
      assertEquals([type, object.metadata.name], ["ADDED", "a"]);
    },
  },
  {
    claim: "a watch ends in good order after timeoutSeconds",
    run: async ({ create, watch, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const rv = metadata.resourceVersion;
      const events = await watch(`${widgets}?watch=1&timeoutSeconds=1&resourceVersion=${rv}`);
      assertEquals(await events.rest(), []);
    },
  },
  {
    claim: "an object that leaves the selection is DELETED, one that enters it ADDED",
    run: async ({ create, must, watch, widgets }) => {
      const path = `${widgets}/a`;
      const { metadata } = await create(widgets, aWidget("a", {}, { labels: { in: "yes" } }));
      const rv = metadata.resourceVersion;
      const events = await watch(`${widgets}?watch=1&labelSelector=in%3Dyes&resourceVersion=${rv}`);
      await must("PATCH", path, { body: { metadata: { labels: { in: "no" } } } });
      await must("PATCH", path, { body: { metadata: { labels: { in: "yes" } } } });
      assertEquals(typesOf([await events.next(), await events.next()]), ["DELETED", "ADDED"]);
    },
  },
  {
    claim: "a field selector narrows a watch",
    run: async ({ create, watch, widgets }) => {
      const events = await watch(`${widgets}?watch=1&fieldSelector=spec.color%3Dgreen`);
      await create(widgets, aWidget("red"));
      await create(widgets, aWidget("green", { color: "green" }));
      assertEquals((await events.next()).object.metadata.name, "green");
    },
  },
  {
    claim: "a watch can carry metadata alone, and be resumed so",
    run: async ({ create, must, watch, core }) => {
      const accept = METADATA_ONLY;
      const secrets = core("secrets");
      const events = await watch(`${secrets}?${WATCH_LIST}`, { accept });
      const { object: end } = await events.next();
      assertEquals([end.kind, end.metadata.annotations[INITIAL_END]], [
        "PartialObjectMetadata",
        "true",
      ]);
      await create(secrets, { metadata: { name: "a" }, stringData: { key: "value" } });
      const rv = end.metadata.resourceVersion;
      const resumed = await watch(`${secrets}?${LIVE}&resourceVersion=${rv}`, { accept });
      for (const reader of [events, resumed]) {
        const { type, object } = await reader.next();
        assertEquals([type, object.kind], ["ADDED", "PartialObjectMetadata"]);
        assertEquals([object.metadata.name, object.data], ["a", undefined]);
      }
      await must("DELETE", `${secrets}/a`);
      assertEquals((await resumed.next()).object.kind, "PartialObjectMetadata");
    },
  },
  {
    claim: "one watch shows the objects of all namespaces",
    run: async ({ create, must, watch, widgets, namespace }) => {
      await create(widgets, aWidget("a"));
      const all = "/apis/conformance.example.dev/v1/widgets";
      const events = await watch(`${all}?${WATCH_LIST}`);
      const { metadata } = await untilOf(events, namespace);
      assertEquals(metadata.name, "a");
      const rv = metadata.resourceVersion;
      const resumed = await watch(`${all}?${LIVE}&resourceVersion=${rv}`);
      await must("PATCH", `${widgets}/a`, { body: { spec: { size: 7 } } });
      assertEquals((await untilOf(resumed, namespace)).spec.size, 7);
    },
  },
  {
    claim: "Secrets of all namespaces can be watched as metadata alone",
    run: async ({ create, must, watch, core, namespace }) => {
      const accept = METADATA_ONLY;
      await create(core("secrets"), { metadata: { name: "a" }, stringData: { key: "value" } });
      const events = await watch(`/api/v1/secrets?${WATCH_LIST}`, { accept });
      const { metadata, data } = await untilOf(events, namespace);
      assertEquals([metadata.name, data], ["a", undefined]);
      const rv = metadata.resourceVersion;
      const resumed = await watch(`/api/v1/secrets?${LIVE}&resourceVersion=${rv}`, { accept });
      await must("DELETE", `${core("secrets")}/a`);
      assertEquals((await untilOf(resumed, namespace)).data, undefined);
    },
  },
  {
    claim: "namespaces can be watched as metadata alone",
    run: async ({ must, watch, namespace }) => {
      const accept = METADATA_ONLY;
      const selector = `fieldSelector=metadata.name%3D${namespace}`;
      const [{ metadata }] = (await must("GET", `${NAMESPACES}?${selector}`)).items;
      const events = await watch(`${NAMESPACES}?${WATCH_LIST}`, { accept });
      const rv = metadata.resourceVersion;
      const resumed = await watch(`${NAMESPACES}?${LIVE}&resourceVersion=${rv}`, { accept });
      await must("PATCH", `${NAMESPACES}/${namespace}`, {
        body: { metadata: { labels: { is: "seen" } } },
      });
      for (const reader of [events, resumed]) {
        await eventually(async () => {
          const { object } = await reader.next();
          assertEquals([object.metadata.name, object.metadata.labels?.is], [namespace, "seen"]);
          assertEquals([object.kind, object.status], ["PartialObjectMetadata", undefined]);
        }, { intervalMs: 0 });
      }
    },
  },
];

const watchList: readonly KubernetesCase[] = [
  {
    claim: "a WatchList sends what is there, then the end bookmark, then what changes",
    run: async ({ create, watch, widgets }) => {
      await create(widgets, aWidget("a"));
      await create(widgets, aWidget("b"));
      const events = await watch(`${widgets}?${WATCH_LIST}`);
      const initial = [await events.next(), await events.next()];
      assertEquals(typesOf(initial), ["ADDED", "ADDED"]);
      const end = await events.next();
      assertEquals([end.type, end.object.kind], ["BOOKMARK", "Widget"]);
      assertEquals(end.object.metadata.annotations[INITIAL_END], "true");
      const last = await create(widgets, aWidget("c"));
      const after = await events.next();
      assertEquals([after.type, after.object], ["ADDED", last]);
      assert(BigInt(last.metadata.resourceVersion) > BigInt(end.object.metadata.resourceVersion));
    },
  },
  {
    claim: "a WatchList at a resourceVersion sends at least what was there",
    run: async ({ create, watch, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const rv = metadata.resourceVersion;
      const events = await watch(`${widgets}?${WATCH_LIST}&resourceVersion=${rv}`);
      assertEquals((await events.next()).object.metadata.name, "a");
      const { object } = await events.next();
      assertEquals(object.metadata.annotations[INITIAL_END], "true");
      assert(BigInt(object.metadata.resourceVersion) >= BigInt(rv));
    },
  },
  {
    claim: "sendInitialEvents without resourceVersionMatch is refused",
    run: async ({ watch, widgets }) => {
      const path = `${widgets}?${LIVE}&sendInitialEvents=true`;
      const refused = await assertRejects(() => watch(path), WatchRefused);
      assertEquals([refused.status, refused.body.reason], [422, "Invalid"]);
      assertStringIncludes(refused.body.message, "resourceVersionMatch");
    },
  },
  {
    claim: "a bookmark comes shortly before the announced end, if bookmarks were asked for",
    run: async ({ create, watch, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const query = `watch=1&timeoutSeconds=5&resourceVersion=${metadata.resourceVersion}`;
      const [withBookmarks, without] = await Promise.all(
        [`${query}&allowWatchBookmarks=true`, query].map(async (given) =>
          await (await watch(`${widgets}?${given}`)).rest()
        ),
      );
      assert(withBookmarks!.length > 0);
      assertEquals([...new Set(typesOf(withBookmarks!))], ["BOOKMARK"]);
      const { object } = withBookmarks!.at(-1)!;
      assertEquals(object.metadata.annotations?.[INITIAL_END], undefined);
      assert(BigInt(object.metadata.resourceVersion) >= BigInt(metadata.resourceVersion));
      assertEquals(without, []);
    },
  },
];

const versions: readonly KubernetesCase[] = [
  {
    claim: "a resourceVersion that is too old is 410 Expired in the stream",
    run: async ({ watch, widgets }) => {
      const events = await watch(`${widgets}?watch=1&resourceVersion=1`);
      const { type, object } = await events.next();
      assertEquals([type, object.kind, object.code], ["ERROR", "Status", 410]);
      assertEquals(object.reason, "Expired");
      assertStringIncludes(object.message, "too old resource version: 1 (");
      assertEquals(await events.rest(), []);
    },
  },
  {
    claim: "a resourceVersion from the future is silence until the timeout",
    run: async ({ create, watch, widgets }) => {
      const path = `${widgets}?watch=1&resourceVersion=999999999999&timeoutSeconds=1`;
      const events = await watch(path);
      await create(widgets, aWidget("a"));
      assertEquals(await events.rest(), []);
    },
  },
  {
    claim: "writes that change nothing make no event",
    run: async ({ create, must, watch, widgets }) => {
      const { metadata } = await create(widgets, aWidget("a"));
      const events = await watch(`${widgets}?watch=1&resourceVersion=${metadata.resourceVersion}`);
      await must("PATCH", `${widgets}/a`, { body: { spec: { color: "red" } } });
      await create(widgets, aWidget("b"));
      assertEquals((await events.next()).object.metadata.name, "b");
    },
  },
];

/** All cases of this file. */
export const watchingCases: readonly KubernetesCase[] = [...live, ...watchList, ...versions];
