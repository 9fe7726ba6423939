import { assert, assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import type { ConnectionSettings } from "../../../src/wasabi/connection_settings.ts";
import { Sessions } from "../../../src/wasabi/sessions.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { settingsFor } from "./fixture.ts";

function startSessions() {
  const clock = new FakeClock();
  const events: string[] = [];
  const sessions = new Sessions({
    clock,
    random: () => 0.5,
    onCacheEvent: (event) => events.push(event),
  });
  let loads = 0;
  const get = (provider: string, versions: string, settings: Partial<ConnectionSettings> = {}) =>
    sessions.get({ provider, versions }, () => {
      loads++;
      return Promise.resolve(
        settingsFor("http://127.0.0.1:1", { claimant: provider, ...settings }),
      );
    });
  return {
    clock,
    sessions,
    events,
    get,
    loads: () => loads,
    [Symbol.dispose]: () => sessions.close(),
  };
}

Deno.test("while nothing changes the Secrets are read once", async () => {
  using stage = startSessions();
  const first = await stage.get("p", "1/7");
  assertStrictEquals(await stage.get("p", "1/7"), first);
  assertEquals([stage.loads(), stage.events], [1, ["miss", "hit"]]);
});

Deno.test("a change of any version makes a new session, and the old one cannot be reached again", async () => {
  using stage = startSessions();
  const old = await stage.get("p", "1/7");
  assertNotStrictEquals(await stage.get("p", "1/8"), old);
  assertNotStrictEquals(await stage.get("p", "1/7"), old);
  assertEquals(stage.loads(), 3);
});

Deno.test("Providers whose uids begin alike do not end each other's sessions", async () => {
  using stage = startSessions();
  const longer = await stage.get("p2", "1");
  await stage.get("p", "1");
  await stage.get("p", "2");
  stage.sessions.forget("p");
  assertStrictEquals(await stage.get("p2", "1"), longer);
});

Deno.test("a session that was replaced lives on for the calls it carries, and is closed later", async () => {
  using stage = startSessions();
  const old = await stage.get("p", "1");
  let closed = false;
  old.client.destroy = () => void (closed = true);
  await stage.get("p", "2");
  await stage.clock.advance(179_999);
  await stage.get("p", "3");
  assertEquals(closed, false);
  await stage.clock.advance(1);
  await stage.get("p", "4");
  assert(closed);
});

Deno.test("at most 500 sessions are kept", async () => {
  using stage = startSessions();
  // One account, so that nothing but the number of Providers matters.
  for (let number = 0; number < 501; number++) {
    // deno-lint-ignore no-await-in-loop
    await stage.get(`provider-${number}`, "1");
  }
  assertEquals(stage.events.filter((event) => event === "eviction").length, 1);
  await stage.get("provider-500", "1");
  assertEquals(stage.loads(), 501);
  await stage.get("provider-0", "1");
  assertEquals(stage.loads(), 502);
});

Deno.test("a session is made anew after ten minutes, and the account's debt outlives it", async () => {
  using stage = startSessions();
  const s3Rate = { perSecond: 0.001, burst: 1 };
  const session = await stage.get("p", "1", { s3Rate });
  const call = { operation: "Op", signal: new AbortController().signal, repeatable: true };
  await session.call(call, () => Promise.resolve());
  await session.call(call, () => Promise.resolve());
  await stage.clock.advance(600_000);
  const later = await stage.get("p", "1", { s3Rate });
  assertNotStrictEquals(later, session);
  let waitMs = 0;
  try {
    later.admit();
  } catch (error) {
    waitMs = (error as { readonly waitMs: number }).waitMs;
  }
  assert(waitMs > 0);
});

Deno.test("a Provider that is gone is forgotten, and all its connections are closed at once", async () => {
  using stage = startSessions();
  const closed: string[] = [];
  const replaced = await stage.get("p", "0");
  replaced.client.destroy = () => void closed.push("replaced");
  const other = await stage.get("other", "1");
  other.client.destroy = () => void closed.push("other");
  const old = await stage.get("p", "1");
  old.client.destroy = () => void closed.push("latest");
  stage.sessions.forget("p");
  assertEquals(closed, ["replaced", "latest"]);
  assertNotStrictEquals(await stage.get("p", "1"), old);
});
