import { assertEquals } from "@std/assert";
import type { Cluster } from "./cluster.ts";
import { aWidget, WIDGETS, withCluster } from "./cluster.ts";

async function createFive({ send }: Cluster): Promise<void> {
  for (const name of ["c", "a", "e", "b", "d"]) {
    const color = name < "c" ? "green" : "red";
    const metadata = { labels: { first: String(name === "a"), letter: name } };
    await send("POST", WIDGETS, { body: aWidget(name, { color }, { metadata }) });
  }
}

function names(body: { items: { metadata: { name: string } }[] }): string {
  return body.items.map((item) => item.metadata.name).join("");
}

Deno.test("pages show one state, whatever is written between them", () =>
  withCluster(async (cluster) => {
    await createFive(cluster);
    const first = (await cluster.send("GET", `${WIDGETS}?limit=2`)).body;
    assertEquals([names(first), first.metadata.remainingItemCount], ["ab", 3]);
    await cluster.send("DELETE", `${WIDGETS}/d`);
    await cluster.send("POST", WIDGETS, { body: aWidget("bb") });
    const token = encodeURIComponent(first.metadata.continue);
    const rest = (await cluster.send("GET", `${WIDGETS}?limit=9&continue=${token}`)).body;
    assertEquals(names(rest), "cde");
    assertEquals(rest.metadata.resourceVersion, first.metadata.resourceVersion);
  }));

Deno.test("a continue token answers 410 after compaction", () =>
  withCluster(async (cluster) => {
    await createFive(cluster);
    const first = (await cluster.send("GET", `${WIDGETS}?limit=2`)).body;
    await cluster.send("DELETE", `${WIDGETS}/d`);
    cluster.server.compact();
    const token = encodeURIComponent(first.metadata.continue);
    const rest = await cluster.send("GET", `${WIDGETS}?limit=2&continue=${token}`);
    assertEquals([rest.status, rest.body.reason], [410, "Expired"]);
  }));

Deno.test("resourceVersion=0 ignores the limit", () =>
  withCluster(async (cluster) => {
    await createFive(cluster);
    const all = (await cluster.send("GET", `${WIDGETS}?limit=2&resourceVersion=0`)).body;
    assertEquals(names(all), "abcde");
  }));

Deno.test("a resourceVersion from the future answers 504 with its cause and Retry-After", () =>
  withCluster(async ({ send }) => {
    const answer = await send("GET", `${WIDGETS}?resourceVersion=99999999`);
    assertEquals(answer.status, 504);
    assertEquals(answer.body.details.causes[0].reason, "ResourceVersionTooLarge");
    assertEquals(answer.headers.get("retry-after"), "1");
  }));

Deno.test("selectors by label and field choose objects", () =>
  withCluster(async (cluster) => {
    await createFive(cluster);
    const chosen: Record<string, string> = {
      "labelSelector=first%3Dtrue": "a",
      "labelSelector=letter+in+(b,c)": "bc",
      "labelSelector=letter+notin+(b,c),first": "ade",
      "labelSelector=!letter": "",
      "labelSelector=letter!%3Da": "bcde",
      "fieldSelector=spec.color%3Dgreen": "ab",
      "fieldSelector=metadata.name%3De": "e",
      "fieldSelector=spec.color!%3Dgreen,metadata.name!%3De": "cd",
    };
    for (const [query, expected] of Object.entries(chosen)) {
      assertEquals(names((await cluster.send("GET", `${WIDGETS}?${query}`)).body), expected, query);
    }
    const unknown = await cluster.send("GET", `${WIDGETS}?fieldSelector=spec.size%3D3`);
    assertEquals(unknown.status, 400);
  }));
