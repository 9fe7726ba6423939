/**
 * What several servers answered after a setting was written, recorded word for word: each must mean
 * what was written, but for what the server is known to drop.
 */
import { assertEquals } from "@std/assert";
import type { BucketSpec } from "../../../../src/api/bucket.ts";
import type { ServiceType } from "../../../../src/api/features.ts";
import { differences, showPath } from "../../../../src/resources/paths.ts";
import { allSettings } from "../../../../src/resources/bucket/settings/all.ts";
import { settingsFor, startSession } from "../../wasabi/fixture.ts";
import { aService, bucketSpec } from "../fixture.ts";
import recorded from "./recorded_answers.json" with { type: "json" };

interface Answer {
  readonly server: string;
  readonly type: string;
  readonly field: string;
  readonly label: string;
  readonly spec: object;
  readonly status: number;
  readonly body: string;
  /** Paths that the server does not keep; a Bucket then says ServerNormalisesDifferently. */
  readonly loses: readonly string[];
}

/** Observes a setting of a service that says nothing but `answer`. */
async function observed(answer: Answer): Promise<unknown> {
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(answer.body, { status: answer.status }),
  );
  try {
    using own = startSession(settingsFor(`http://127.0.0.1:${server.addr.port}`));
    const setting = allSettings.find(({ field }) => field === answer.field)!;
    return await setting.observe(own.s3, "bucket");
  } finally {
    await server.shutdown();
  }
}

for (const answer of recorded as readonly Answer[]) {
  const end = answer.loses.length === 0
    ? "nothing is left to write"
    : `only ${answer.loses.length} parts that it drops are left`;
  Deno.test(`${answer.server}, ${answer.label}: ${end}`, async () => {
    const setting = allSettings.find(({ field }) => field === answer.field)!;
    const spec: BucketSpec = bucketSpec(answer.spec);
    const wanted = setting.desired(spec, aService(answer.type as ServiceType))!;
    const found = await observed(answer) as typeof wanted.value;
    const left = differences(wanted.value, found, { at: [answer.field] });
    assertEquals(left.map(({ path }) => showPath(path)), answer.loses);
  });
}

Deno.test("answers were recorded of every setting but those that no server here has", () => {
  const fields = new Set((recorded as readonly Answer[]).map(({ field }) => field));
  const missing = allSettings.map(({ field }) => field).filter((field) => !fields.has(field));
  assertEquals(missing, ["versioning", "requestPayer"]);
});
