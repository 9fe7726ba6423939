/**
 * Objects that were stored under definitions without today's rules and never had a status: even
 * their metadata cannot be changed before they have one.
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { customResourceDefinition } from "../../src/api/crd.ts";
import type { KindName } from "../../src/api/registry.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { aBucket, aProvider } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { embeddedTest } from "./embedded.ts";

/** The definition as the predecessor had it: no rules. */
function withoutRules(kind: KindName): ReturnType<typeof customResourceDefinition> {
  const text = JSON.stringify(customResourceDefinition(kind), (key, value) => {
    return key === "x-kubernetes-validations" ? undefined : value;
  });
  return JSON.parse(text);
}

embeddedTest(
  "an object that newer rules refuse is told so, and can be deleted",
  async ({ cluster, operate, provide, bucketName }, { theatre }) => {
    const kinds = ["Bucket", "Provider"] as const;
    await installDefinitions(theatre.kubernetes, kinds.map(withoutRules));
    await cluster.apply(
      aBucket("old", { name: `${bucketName("old")}..dots` }),
      aProvider("old", { endpoint: "http://user@host/" }),
    );
    await installDefinitions(theatre.kubernetes, kinds.map(customResourceDefinition));
    await operate();
    await provide();
    const bucket = await cluster.untilCondition("Bucket", "old", { status: "False" });
    assertEquals(bucket.status.ownership, undefined);
    const provider = await cluster.untilCondition("Provider", "old", { status: "False" });
    const message = conditionOf(provider, "Ready").message;
    assertStringIncludes(message, "spec.");
    for (const kind of kinds) {
      await cluster.delete(kind, "old");
      await cluster.untilGone(kind, "old");
    }
  },
);
