import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareResourceVersions } from "../../../src/kube/resource_version.ts";

Deno.test("resource versions are ordered as integers of any length", () => {
  const anyVersion = fc.bigInt({ min: 1n, max: 10n ** 30n });
  fc.assert(
    fc.property(anyVersion, anyVersion, (left, right) => {
      const order = compareResourceVersions(String(left), String(right));
      assertEquals(Math.sign(order!), left < right ? -1 : left > right ? 1 : 0);
    }),
  );
});

Deno.test("what is no decimal integer can only be compared for equality", () => {
  assertEquals(compareResourceVersions("abc", "abc"), 0);
  for (const other of ["", "0", "01", "-1", "1e3", "abc"]) {
    assertEquals(compareResourceVersions("5", other), undefined);
  }
});
