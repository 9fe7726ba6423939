import { assertEquals } from "@std/assert";
import { LastSecrets } from "../../../src/resources/last_secrets.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const SECRETS = {
  credentials: { accessKeyId: "id", secretAccessKey: "secret" },
  caCertificate: undefined,
};
const MINUTE_MS = 60_000;

Deno.test("secrets are kept for ten minutes from their loss, however long ago they were read", async () => {
  const clock = new FakeClock();
  const last = new LastSecrets(clock);
  last.remember("p", SECRETS);
  await clock.advance(60 * MINUTE_MS);
  last.lose("p");
  await clock.advance(9 * MINUTE_MS);
  last.lose("p");
  assertEquals(last.get("p"), SECRETS);
  await clock.advance(MINUTE_MS);
  assertEquals(last.get("p"), undefined);
});

Deno.test("secrets that came back are lost anew, and a forgotten Provider has none", async () => {
  const clock = new FakeClock();
  const last = new LastSecrets(clock);
  last.remember("p", SECRETS);
  last.lose("p");
  await clock.advance(9 * MINUTE_MS);
  last.remember("p", SECRETS);
  last.lose("p");
  await clock.advance(9 * MINUTE_MS);
  assertEquals(last.get("p"), SECRETS);
  last.forget("p");
  assertEquals(last.get("p"), undefined);
  assertEquals(last.get("other"), undefined);
});

Deno.test("secrets of 500 Providers are kept, the latest read ones", () => {
  const last = new LastSecrets(new FakeClock());
  for (let number = 0; number <= 500; number++) last.remember(`p${number}`, SECRETS);
  assertEquals([last.get("p0"), last.get("p1")], [undefined, SECRETS]);
});
