import { assertEquals } from "@std/assert";
import { findDifferences } from "../../.ci/generate.ts";

Deno.test("generated files are up to date", async () => {
  assertEquals(await findDifferences(new URL("../../", import.meta.url)), []);
});
