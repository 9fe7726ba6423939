import { assertEquals } from "@std/assert";

import plugin from "./layers.ts";

function objections(file: string, code: string): string[] {
  return Deno.lint.runPlugin(plugin, file, code).map((diagnostic) => diagnostic.message);
}

const REFUSED: readonly (readonly [claim: string, file: string, specifier: string])[] = [
  ["a lower layer does not know a higher one", "src/kube/client.ts", "../control/status.ts"],
  ["ops knows nobody", "src/ops/log.ts", "../api/common.ts"],
  ["watch does not know queue", "src/watch/store.ts", "../queue/heap.ts"],
  ["queue does not know watch", "src/queue/heap.ts", "../watch/store.ts"],
  ["wasabi does not know kube", "src/wasabi/s3.ts", "../kube/error.ts"],
  ["kube does not know wasabi", "src/kube/error.ts", "../wasabi/s3.ts"],
  ["kinds do not know each other", "src/resources/bucket/plan.ts", "../provider/plan.ts"],
  ["what kinds share does not know a kind", "src/resources/reference.ts", "./bucket/plan.ts"],
  ["the operator does not know the sandbox", "src/operator.ts", "./sandbox/s3/server.ts"],
  ["other commands do not know it", "src/commands/run.ts", "../sandbox/s3/server.ts"],
  ["nor do commands with a similar name", "src/commands/sandboxes.ts", "../sandbox/s3/server.ts"],
  ["the sandbox does not know the kinds", "src/sandbox/s3/server.ts", "../../resources/spec.ts"],
  ["the sandbox does not know control", "src/sandbox/s3/server.ts", "../../control/status.ts"],
  ["the sandbox does not know the operator", "src/sandbox/s3/server.ts", "../../operator.ts"],
  ["the program does not know its tests", "src/ops/clock.ts", "../../tests/support/fake_clock.ts"],
  ["nor the checks", "src/ops/clock.ts", "../../.ci/sizes.ts"],
  ["nor the asserts by their short name", "src/ops/clock.ts", "@std/assert"],
  ["a new folder has no layer yet", "src/misc/a.ts", "../ops/clock.ts"],
];

const ALLOWED: readonly (readonly [claim: string, file: string, specifier: string])[] = [
  ["a higher layer uses a lower one", "src/control/status.ts", "../kube/client.ts"],
  ["files of one folder use each other", "src/queue/work_queue.ts", "./heap.ts"],
  ["a kind uses its own settings", "src/resources/bucket/plan.ts", "./settings/all.ts"],
  ["a kind uses what kinds share", "src/resources/bucket/plan.ts", "../reference.ts"],
  ["the settings of a kind do too", "src/resources/bucket/settings/a.ts", "../../reference.ts"],
  ["the sandbox command uses the sandbox", "src/commands/sandbox.ts", "../sandbox/s3/server.ts"],
  ["its other files do too", "src/commands/sandbox_table.ts", "../sandbox/s3/server.ts"],
  ["the sandbox uses ops", "src/sandbox/s3/server.ts", "../../ops/clock.ts"],
  ["the sandbox's servers may share code", "src/sandbox/s3/server.ts", "../http.ts"],
  ["the operator's parts use each other", "src/operator/wake.ts", "../operator.ts"],
  ["the version comes from deno.json", "src/commands/version.ts", "../../deno.json"],
  ["a package has no layer", "src/wasabi/s3.ts", "@aws-sdk/client-s3"],
  ["a test uses everything", "tests/unit/a_test.ts", "../../src/sandbox/s3/server.ts"],
];

for (const [claim, file, specifier] of REFUSED) {
  Deno.test(`layers: ${claim}`, () => {
    assertEquals(objections(file, `import { a } from "${specifier}";`).length, 1);
  });
}

for (const [claim, file, specifier] of ALLOWED) {
  Deno.test(`layers: ${claim}`, () => {
    assertEquals(objections(file, `import { a } from "${specifier}";`), []);
  });
}

Deno.test("layers: every form of import counts", () => {
  const forms = [
    `import type { A } from "../control/status.ts";`,
    `export { a } from "../control/status.ts";`,
    `export * from "../control/status.ts";`,
    `const a = await import("../control/status.ts");`,
  ];
  for (const form of forms) assertEquals(objections("src/kube/a.ts", form).length, 1, form);
});
