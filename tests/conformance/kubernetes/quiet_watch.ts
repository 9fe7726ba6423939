/** Cases that take more than a minute: what a watch does while nothing happens (runtime A1.1). */
import { assert, assertEquals } from "@std/assert";
import type { KubernetesCase } from "./place.ts";
import { aWidget } from "./widgets.ts";

/** History lasts at least this long. */
const HISTORY_MS = 75_000;

/** All of them. */
export const quietWatchCases: readonly KubernetesCase[] = [
  {
    claim: "a quiet watch without an announced end lives on and has a bookmark each minute; " +
      "what happened 75 seconds ago can still be watched",
    run: async ({ create, watch, widgets }) => {
      const startedAt = Date.now();
      const before = await create(widgets, aWidget("before"));
      const rv = before.metadata.resourceVersion;
      await create(widgets, aWidget("after"));
      const quiet = await watch(`${widgets}?watch=1&allowWatchBookmarks=true`);
      assertEquals([(await quiet.next()).type, (await quiet.next()).type], ["ADDED", "ADDED"]);
      const bookmark = await quiet.next();
      assertEquals(bookmark.type, "BOOKMARK");
      assert(BigInt(bookmark.object.metadata.resourceVersion) >= BigInt(rv));

      await new Promise((resolve) => setTimeout(resolve, HISTORY_MS - (Date.now() - startedAt)));
      const late = await watch(`${widgets}?watch=1&resourceVersion=${rv}`);
      const { type, object } = await late.next();
      assertEquals([type, object.metadata.name], ["ADDED", "after"]);

      await create(widgets, aWidget("later"));
      let live = await quiet.next();
      for (let more = 0; more < 2 && live.type === "BOOKMARK"; more++) live = await quiet.next();
      assertEquals([live.type, live.object.metadata.name], ["ADDED", "later"]);
    },
  },
];
