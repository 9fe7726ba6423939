/**
 * What is written by hand in docs/ speaks of things that exist.
 */
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../src/ops/clock.ts";
import { createMetrics } from "../src/ops/metrics.ts";
import { conditionsReference } from "./generate_docs.ts";
import { ROOT } from "./files.ts";

async function documents(): Promise<readonly (readonly [string, string])[]> {
  const folder = `${ROOT}docs/`;
  const files = (await Array.fromAsync(Deno.readDir(folder)))
    .filter(({ name }) => name.endsWith(".md"));
  return await Promise.all(
    files.map(async ({ name }) => [name, await Deno.readTextFile(folder + name)] as const),
  );
}

/** A heading's anchor, as GitHub makes it. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-");
}

Deno.test("docs: each link to a file of the repository leads somewhere, and to a heading in it", async () => {
  const missing: string[] = [];
  for (const [name, text] of await documents()) {
    for (const [, path = "", anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)) {
      const target = new URL(path === "" ? name : path, `file://${ROOT}docs/`);
      const found = await Deno.stat(target).catch(() => undefined);
      if (found === undefined) missing.push(`${name}: ${path}`);
      if (found === undefined || anchor === undefined) continue;
      const headings = (await Deno.readTextFile(target)).matchAll(/^#+ (.*)$/gm);
      const anchors = [...headings].map(([, heading = ""]) => anchorOf(heading));
      if (!anchors.includes(anchor)) missing.push(`${name}: ${path}#${anchor}`);
    }
  }
  assertEquals(missing, []);
});

Deno.test("docs: each reason that troubleshooting explains is one that can be seen", async () => {
  const [reference = ""] = conditionsReference().values();
  const text = await Deno.readTextFile(`${ROOT}docs/troubleshooting.md`);
  const tables = text.slice(text.indexOf("## Providers"), text.indexOf("## Deletion hangs"));
  const reasons = [...tables.matchAll(/^\| (`[^|]*`) *\|/gm)]
    .flatMap(([, cell = ""]) => [...cell.matchAll(/`(\w+)`/g)].map(([, reason]) => reason));
  assert(reasons.length > 30);
  assertEquals(reasons.filter((reason) => !reference.includes(`\`${reason}\``)), []);
});

Deno.test("docs: each metric that deployment offers for an alarm is one that is exported", async () => {
  const { registry } = createMetrics({ clock: systemClock, version: "test" });
  const text = await Deno.readTextFile(`${ROOT}docs/deployment.md`);
  const [, section = ""] = text.split("## Health and metrics");
  const names = [...section.matchAll(/\b[a-z]+(?:_[a-z]+)+(?=[{)[]| >)/g)].map(([name]) => name);
  assert(names.length >= 5);
  assertEquals(names.filter((name) => registry.getSingleMetric(name) === undefined), []);
});
