import { assertEquals, assertStringIncludes } from "@std/assert";
import { findDifferences, generate } from "../../.ci/generate.ts";

Deno.test("generated files are up to date", async () => {
  assertEquals(await findDifferences(new URL("../../", import.meta.url)), []);
});

Deno.test("verify names each file that is missing, changed or no longer generated", async () => {
  const folder = await Deno.makeTempDir();
  const root = new URL(`file://${folder}/`);
  try {
    await generate(root);
    assertEquals(await findDifferences(root), []);

    await Deno.remove(new URL("crds/users.s3.cloud37.dev.yaml", root));
    await Deno.writeTextFile(new URL("crds/stale.yaml", root), "");
    const buckets = new URL("crds/buckets.s3.cloud37.dev.yaml", root);
    const text = await Deno.readTextFile(buckets);
    await Deno.writeTextFile(buckets, text.replace("s3bkt", "bkt"));

    const differences = await findDifferences(root);
    assertEquals(differences.map((line) => line.split(":")[0]), [
      "crds/buckets.s3.cloud37.dev.yaml",
      "crds/users.s3.cloud37.dev.yaml",
      "crds/stale.yaml",
    ]);
    assertStringIncludes(differences[0] ?? "", "- s3bkt");

    await generate(root);
    assertEquals(await findDifferences(root), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
