/**
 * Commands that need no server.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { parseAllDocuments } from "yaml";
import { ROOT } from "../../.ci/files.ts";
import { programFromSource, runProgram } from "./program.ts";

Deno.test("version prints the one number of deno.json", async () => {
  const { version } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const ending = await runProgram(await programFromSource(), ["version"]);
  assertEquals(ending, { code: 0, stdout: `${version}\n`, stderr: "" });
});

Deno.test("crds prints the definitions that crds/ holds", async () => {
  const { code, stdout } = await runProgram(await programFromSource(), ["crds"]);
  assertEquals(code, 0);
  const printed = definitionsIn(stdout);
  const names = [...Deno.readDirSync(`${ROOT}crds`)].map(({ name }) => name);
  const texts = await Promise.all(names.map((name) => Deno.readTextFile(`${ROOT}crds/${name}`)));
  assertEquals(printed.size, 6);
  assertEquals(printed, definitionsIn(texts.join("---\n")));
});

Deno.test("crds leaves out what an older cluster would refuse, and says which version it cannot read", async () => {
  const program = await programFromSource();
  const { stdout: newest } = await runProgram(program, ["crds", "--kubernetes", "1.30"]);
  assertStringIncludes(newest, "selectableFields");
  const { stdout: oldest } = await runProgram(program, ["crds", "--kubernetes", "v1.29.15"]);
  assertEquals(oldest.includes("selectableFields"), false);
  assertEquals(definitionsIn(oldest).size, 6);
  const { code, stderr } = await runProgram(program, ["crds", "--kubernetes", "old"]);
  assertEquals(code === 0, false);
  assertStringIncludes(stderr, "such as 1.29");
});

Deno.test("all faults of flags and variables are reported at once, with exit code 2", async () => {
  const { code, stdout, stderr } = await runProgram(
    await programFromSource(),
    ["run", "--log-level", "loud", "--namespaces", "Team_A", "--api-server", "ftp://x"],
    { environment: { METRICS_PORT: "65536", WORKERS: "none" } },
  );
  assertEquals({ code, stdout }, { code: 2, stdout: "" });
  for (const name of ["LOG_LEVEL", "WATCH_NAMESPACES", "API_SERVER", "METRICS_PORT", "WORKERS"]) {
    assertStringIncludes(stderr, `${name}: `);
  }
});

/** By name; the order of documents means nothing. */
function definitionsIn(text: string): ReadonlyMap<string, unknown> {
  const documents = parseAllDocuments(text).map((document) => document.toJS());
  const named = documents.map((each) => [String(each.metadata.name), each] as const);
  return new Map(named.sort(([left], [right]) => left < right ? -1 : 1));
}
