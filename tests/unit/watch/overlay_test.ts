import { assertEquals } from "@std/assert";
import { Overlay } from "../../../src/watch/overlay.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { thing } from "./fixture.ts";

Deno.test("an own write of an object that is gone from the store does not bring it back", () => {
  const overlay = new Overlay(new FakeClock());
  overlay.wrote(thing("a", "11"), thing("a", "10"));
  assertEquals(overlay.read("default/a", undefined), undefined);
  assertEquals(overlay.size, 0);
});

Deno.test("an own write of the object that had the name before is not read", () => {
  const overlay = new Overlay(new FakeClock());
  overlay.wrote(thing("a", "11", "old"), thing("a", "10", "old"));
  assertEquals(
    overlay.read("default/a", thing("a", "5", "new"))?.metadata.uid,
    "new",
  );
});

Deno.test("a write that the watch never confirms is dropped after five minutes", async () => {
  const clock = new FakeClock();
  const overlay = new Overlay(clock);
  const stored = thing("a", "10");
  overlay.wrote(thing("a", "11"), stored);
  await clock.advance(300_000);
  assertEquals(overlay.read("default/a", stored)?.metadata.resourceVersion, "11");
  await clock.advance(1);
  assertEquals(overlay.read("default/a", stored)?.metadata.resourceVersion, "10");
});

Deno.test("an answer that comes late does not hide a newer own write", () => {
  const overlay = new Overlay(new FakeClock());
  const stored = thing("a", "10");
  overlay.wrote(thing("a", "12"), stored);
  overlay.wrote(thing("a", "11"), stored);
  assertEquals(overlay.read("default/a", stored)?.metadata.resourceVersion, "12");
});
