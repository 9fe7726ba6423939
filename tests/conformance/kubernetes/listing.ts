/** Cases about LIST: pages, resourceVersions, selectors (runtime A1.1). */
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { TestObject } from "../../support/builders.ts";
import { type KubernetesCase, METADATA_ONLY_LIST, NAMESPACES, type Place } from "./place.ts";
import { aWidget } from "./widgets.ts";

/** Above every version that a server gives out during a test. */
const FUTURE = "999999999999";

async function createMany({ create, widgets }: Place, count: number): Promise<readonly string[]> {
  const names = Array.from({ length: count }, (_, index) => `w${index}`);
  for (const name of names) {
    await create(widgets, aWidget(name, {}, { labels: { n: name, all: "yes" } }));
  }
  return names;
}

function namesOf(list: TestObject): readonly string[] {
  return list.items.map(({ metadata }: TestObject) => metadata.name);
}

const paging: readonly KubernetesCase[] = [
  {
    claim: "a list names its kind and a resourceVersion, and its items are in order",
    run: async (place) => {
      await createMany(place, 3);
      const list = await place.must("GET", place.widgets);
      assertEquals([list.kind, list.apiVersion], ["WidgetList", "conformance.example.dev/v1"]);
      assert(/^[1-9]\d*$/.test(list.metadata.resourceVersion));
      assertEquals(namesOf(list), ["w0", "w1", "w2"]);
    },
  },
  {
    claim: "pages show every object once, as of one resourceVersion",
    run: async (place) => {
      const names = await createMany(place, 5);
      const first = await place.must("GET", `${place.widgets}?limit=2`);
      assertEquals(first.metadata.remainingItemCount, 3);
      await place.create(place.widgets, aWidget("w11"));
      const seen = [...namesOf(first)];
      let page = first;
      while (page.metadata.continue) {
        const query = new URLSearchParams({ limit: "2", continue: page.metadata.continue });
        page = await place.must("GET", `${place.widgets}?${query}`);
        assertEquals(page.metadata.resourceVersion, first.metadata.resourceVersion);
        seen.push(...namesOf(page));
      }
      assertEquals(seen, names);
    },
  },
  {
    claim: "limit is ignored with resourceVersion=0",
    run: async (place) => {
      await createMany(place, 3);
      const list = await place.must("GET", `${place.widgets}?limit=1&resourceVersion=0`);
      assertEquals([list.items.length, list.metadata.continue ?? ""], [3, ""]);
    },
  },
  {
    claim: "a continue token that is none is refused",
    run: async ({ send, widgets }) => {
      const { status } = await send("GET", `${widgets}?limit=1&continue=nonsense`);
      assertEquals(status, 400);
    },
  },
  {
    claim: "objects of all namespaces are listed by one request",
    run: async (place) => {
      await createMany(place, 1);
      const list = await place.must("GET", "/apis/conformance.example.dev/v1/widgets?limit=500");
      const places = list.items.map(({ metadata }: TestObject) => metadata.namespace);
      assert(places.includes(place.namespace));
    },
  },
  {
    claim: "each list that the operator pages can be paged, as metadata alone too",
    run: async (place) => {
      await createMany(place, 3);
      const secrets = place.core("secrets");
      for (const name of ["a", "b"]) await place.create(secrets, { metadata: { name } });
      const custom = [place.widgets, "/apis/conformance.example.dev/v1/widgets"];
      const metadata = [secrets, "/api/v1/secrets", NAMESPACES];
      for (const path of [...custom, ...metadata]) {
        const accept = metadata.includes(path) ? { accept: METADATA_ONLY_LIST } : {};
        const first = await place.must("GET", `${path}?limit=1`, accept);
        assertEquals(first.items.length, 1, path);
        const query = new URLSearchParams({ limit: "1", continue: first.metadata.continue });
        const second = await place.must("GET", `${path}?${query}`, accept);
        assertEquals(second.items.length, 1, path);
        assertNotEquals(second.items[0].metadata.uid, first.items[0].metadata.uid);
        assertEquals(second.metadata.resourceVersion, first.metadata.resourceVersion);
      }
    },
  },
  {
    claim: "a list can be had as metadata alone",
    run: async (place) => {
      await createMany(place, 2);
      const accept = METADATA_ONLY_LIST;
      const { body } = await place.send("GET", `${place.widgets}?limit=500`, { accept });
      assertEquals(body.kind, "PartialObjectMetadataList");
      assertEquals(namesOf(body), ["w0", "w1"]);
      assertEquals(body.items.map(({ spec }: TestObject) => spec), [undefined, undefined]);
    },
  },
];

const versions: readonly KubernetesCase[] = [
  {
    claim: "resourceVersion=N lists at least what was there at N",
    run: async (place) => {
      const { metadata } = await place.create(place.widgets, aWidget("a"));
      const rv = metadata.resourceVersion;
      const list = await place.must("GET", `${place.widgets}?resourceVersion=${rv}`);
      assertEquals(namesOf(list), ["a"]);
      assert(BigInt(list.metadata.resourceVersion) >= BigInt(rv));
    },
  },
  {
    claim: "an exact resourceVersion lists what was there then",
    run: async (place) => {
      const { metadata } = await place.create(place.widgets, aWidget("a"));
      const rv = metadata.resourceVersion;
      await place.create(place.widgets, aWidget("b"));
      const query = `resourceVersion=${rv}&resourceVersionMatch=Exact`;
      const list = await place.must("GET", `${place.widgets}?${query}`);
      assertEquals([namesOf(list), list.metadata.resourceVersion], [["a"], rv]);
    },
  },
  {
    claim: "a resourceVersion from the future is a Timeout with its cause and Retry-After",
    run: async ({ send, widgets }) => {
      const answer = await send("GET", `${widgets}?resourceVersion=${FUTURE}`);
      const { details, reason } = answer.body;
      assertEquals([answer.status, reason], [504, "Timeout"]);
      assertEquals(details.causes[0].reason, "ResourceVersionTooLarge");
      assertEquals([details.retryAfterSeconds, answer.headers.get("retry-after")], [1, "1"]);
    },
  },
  {
    claim: "a resourceVersion that is no number is refused",
    run: async ({ send, widgets }) => {
      assertEquals((await send("GET", `${widgets}?resourceVersion=soon`)).status, 400);
    },
  },
  {
    claim: "resourceVersionMatch without resourceVersion is refused",
    run: async ({ send, widgets }) => {
      const answer = await send("GET", `${widgets}?resourceVersionMatch=Exact`);
      assertEquals([answer.status, answer.body.reason], [422, "Invalid"]);
    },
  },
];

const selecting: readonly KubernetesCase[] = [
  {
    claim: "label selectors know equality, sets and existence",
    run: async (place) => {
      await createMany(place, 3);
      const wanted = {
        "n=w1": ["w1"],
        "n!=w1": ["w0", "w2"],
        "n in (w0,w2)": ["w0", "w2"],
        "n notin (w0,w2)": ["w1"],
        "all,n!=w0": ["w1", "w2"],
        "!all": [],
      };
      for (const [labelSelector, names] of Object.entries(wanted)) {
        const query = new URLSearchParams({ labelSelector });
        const list = await place.must("GET", `${place.widgets}?${query}`);
        assertEquals(namesOf(list), names, labelSelector);
      }
    },
  },
  {
    claim: "field selectors know the name and selectableFields, and no other field",
    run: async (place) => {
      await createMany(place, 2);
      await place.create(place.widgets, aWidget("green", { color: "green" }));
      const green = await place.must("GET", `${place.widgets}?fieldSelector=spec.color%3Dgreen`);
      assertEquals(namesOf(green), ["green"]);
      const named = await place.must("GET", `${place.widgets}?fieldSelector=metadata.name%3Dw1`);
      assertEquals(namesOf(named), ["w1"]);
      const other = await place.send("GET", `${place.widgets}?fieldSelector=spec.size%3D3`);
      assertEquals([other.status, other.body.reason], [400, "BadRequest"]);
    },
  },
];

const ignored: readonly KubernetesCase[] = [
  {
    claim: "a parameter that the server does not know is ignored, as a switched-off feature is",
    run: async (place) => {
      const names = await createMany(place, 2);
      for (const parameter of ["unknown=1", "shardSelector=0%2F2"]) {
        const list = await place.must("GET", `${place.widgets}?${parameter}`);
        assertEquals(namesOf(list), names, parameter);
      }
    },
  },
];

/** All cases of this file. */
export const listingCases: readonly KubernetesCase[] = [
  ...paging,
  ...versions,
  ...selecting,
  ...ignored,
];
