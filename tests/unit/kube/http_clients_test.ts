import { assertEquals, assertNotStrictEquals, assertStrictEquals } from "@std/assert";
import { HttpClients } from "../../../src/kube/http_clients.ts";
import { FakeClock } from "../../support/fake_clock.ts";

function startClients() {
  const clock = new FakeClock();
  const closed: number[] = [];
  const causes: string[] = [];
  let made = 0;
  const clients = new HttpClients({
    clock,
    create: () => {
      const number = ++made;
      return { close: () => closed.push(number) } as unknown as Deno.HttpClient;
    },
    onRotation: (cause) => causes.push(cause),
  });
  return { clock, clients, closed, causes, made: () => made };
}

Deno.test("a client is shared until it is suspected; the next borrower gets a new one", () => {
  const { clients, causes } = startClients();
  const first = clients.borrow();
  assertStrictEquals(clients.borrow().client, first.client);
  first.suspect("Timeout");
  assertNotStrictEquals(clients.borrow().client, first.client);
  assertEquals(causes, ["Timeout"]);
});

Deno.test("an old client is closed after its last stream, and not before", () => {
  const { clients, closed } = startClients();
  const [one, two] = [clients.borrow(), clients.borrow()];
  one.suspect("Timeout");
  one.release();
  one.release();
  assertEquals(closed, []);
  two.release();
  assertEquals(closed, [1]);
});

Deno.test("a hundred timeouts at once are one rotation", () => {
  const { clients, causes, made } = startClients();
  const borrowed = Array.from({ length: 100 }, () => clients.borrow());
  for (const client of borrowed) client.suspect("Timeout");
  clients.borrow();
  assertEquals([causes.length, made()], [1, 2]);
});

Deno.test("there is at most one rotation within a second", async () => {
  const { clock, clients, causes } = startClients();
  clients.borrow().suspect("Timeout");
  await clock.advance(999);
  clients.borrow().suspect("Timeout");
  assertEquals(causes.length, 1);
  await clock.advance(1);
  clients.borrow().suspect("Timeout");
  assertEquals(causes.length, 2);
});

Deno.test("close ends the client when nothing uses it, and once only", () => {
  const { clients, closed } = startClients();
  const borrowed = clients.borrow();
  clients.close();
  assertEquals(closed, []);
  borrowed.release();
  borrowed.suspect("Timeout");
  clients.close();
  assertEquals(closed, [1]);
});
