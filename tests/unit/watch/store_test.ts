import { assertEquals, assertThrows } from "@std/assert";
import { Store } from "../../../src/watch/store.ts";
import { thing } from "./fixture.ts";

function kindsOf(changes: readonly { readonly kind: string }[]): readonly string[] {
  return changes.map(({ kind }) => kind);
}

Deno.test("a replacement tells exactly the difference: added, updated, deleted, and nothing equal", () => {
  const store = new Store();
  store.replace(undefined, [thing("same", "1"), thing("changed", "1"), thing("gone", "1")]);
  const changes = store.replace(undefined, [
    thing("same", "1"),
    thing("changed", "2"),
    thing("new", "3"),
  ]);
  assertEquals(
    changes.map(({ kind, object }) => `${kind} ${object.metadata.name}`),
    ["updated changed", "added new", "deleted gone"],
  );
  assertEquals([...store.keys()].sort(), ["default/changed", "default/new", "default/same"]);
});

Deno.test("another uid under the same name is a deletion of the old and an addition of the new", () => {
  for (const way of ["put", "replace"] as const) {
    const store = new Store();
    store.put(thing("a", "1", "old"));
    const object = thing("a", "2", "new");
    const changes = way === "put" ? store.put(object) : store.replace(undefined, [object]);
    assertEquals(
      changes.map(({ kind, object }) => `${kind} ${object.metadata.uid}`),
      ["deleted old", "added new"],
    );
  }
});

Deno.test("an update carries the state before it", () => {
  const store = new Store();
  store.put(thing("a", "1"));
  const [change] = store.put(thing("a", "2"));
  assertEquals(change?.kind === "updated" && change.before.metadata.resourceVersion, "1");
});

Deno.test("an event that is seen a second time changes nothing", () => {
  const store = new Store();
  store.put(thing("a", "1"));
  assertEquals(store.put(thing("a", "1")), []);
  assertEquals(kindsOf(store.remove("default/a")), ["deleted"]);
  assertEquals(store.remove("default/a"), []);
});

Deno.test("a replacement in one namespace leaves the others alone", () => {
  const store = new Store();
  const elsewhere = thing("a", "1");
  store.put({ ...elsewhere, metadata: { ...elsewhere.metadata, namespace: "other" } });
  store.put(thing("a", "1"));
  assertEquals(kindsOf(store.replace("default", [])), ["deleted"]);
  assertEquals([...store.keys()], ["other/a"]);
});

Deno.test("an unknown index is refused and not answered by nothing", () => {
  assertThrows(() => new Store().keysBy("byColour", "red"), RangeError, "byColour");
});
