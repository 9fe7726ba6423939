import { assertEquals } from "@std/assert";
import { tagging } from "../../../../src/resources/bucket/settings/tagging.ts";
import { versioning } from "../../../../src/resources/bucket/settings/versioning.ts";
import { aService, bucketSpec } from "../fixture.ts";

const service = aService();

Deno.test("a setting that the spec leaves out is not managed", () => {
  assertEquals(versioning.desired(bucketSpec(), service), undefined);
  assertEquals(tagging.desired(bucketSpec(), service), undefined);
});

Deno.test("a setting that is there and empty takes away what the service has", () => {
  const wanted = tagging.desired(bucketSpec({ tagging: {} }), service);
  assertEquals(wanted?.value, tagging.fresh(service));
});

Deno.test("MFA delete is told as left out, and versioning is applied all the same", () => {
  const spec = bucketSpec({ versioning: { enabled: true, mfaDelete: true } });
  const wanted = versioning.desired(spec, service);
  assertEquals(wanted?.value, { enabled: true });
  assertEquals(wanted?.leftOut.map(({ field }) => field), ["versioning.mfaDelete"]);
});
