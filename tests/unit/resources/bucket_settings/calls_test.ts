/**
 * What is sent to read a setting, to write it and to take it away.
 */
import { assertEquals, assertRejects } from "@std/assert";
import type { BucketSpec } from "../../../../src/api/bucket.ts";
import { allSettings } from "../../../../src/resources/bucket/settings/all.ts";
import { ProviderError } from "../../../../src/wasabi/error.ts";
import { getRequestPayer } from "../../../../src/wasabi/bucket_settings/requests.ts";
import { aService, bucketSpec } from "../fixture.ts";
import { settingsFor, startService, startSession } from "../../wasabi/fixture.ts";

const OPEN = {
  blockPublicAcls: false,
  blockPublicPolicy: false,
  ignorePublicAcls: false,
  restrictPublicBuckets: false,
};

/** A spec of each setting, one without it, and the operation that takes it away. */
const SETTINGS: readonly (readonly [keyof BucketSpec, object, object, string])[] = [
  ["encryption", { enabled: true }, {}, "DeleteBucketEncryption"],
  ["publicAccess", {}, OPEN, "DeletePublicAccessBlock"],
  ["ownership", { objectOwnership: "ObjectWriter" }, {}, "DeleteBucketOwnershipControls"],
  ["tagging", { tags: { a: "1" } }, {}, "DeleteBucketTagging"],
  ["lifecycle", { rules: [{ id: "a", expiration: { days: 9 } }] }, {}, "DeleteBucketLifecycle"],
  ["cors", { rules: [{ allowedOrigins: ["*"], allowedMethods: ["GET"] }] }, {}, "DeleteBucketCors"],
  ["logging", { targetBucket: "target" }, {}, "PutBucketLogging"],
  [
    "replication",
    { rules: [{ id: "a", destination: { bucket: "target" } }] },
    {},
    "DeleteBucketReplication",
  ],
  ["requestPayer", { payer: "Requester" }, {}, "PutBucketRequestPayment"],
];

function settingOf(field: string) {
  return allSettings.find((setting) => setting.field === field)!;
}

for (const [field, filled, empty, operation] of SETTINGS) {
  Deno.test(`${field}: read back as it was written, and taken away by ${operation}`, async () => {
    await using own = await startService();
    const { state, requests } = own.service;
    state.lacking.clear();
    for (const name of ["bucket-one", "target"]) state.createBucket(name);
    const setting = settingOf(field);
    const valueOf = (part: object) =>
      setting.desired(bucketSpec({ [field]: part }), aService())!.value;
    await setting.write(own.s3, "bucket-one", valueOf(filled));
    assertEquals(await setting.observe(own.s3, "bucket-one"), valueOf(filled));
    requests.clear();
    await setting.write(own.s3, "bucket-one", valueOf(empty));
    assertEquals(requests.entries.map((entry) => entry.operation), [operation]);
    assertEquals(await setting.observe(own.s3, "bucket-one"), setting.fresh(aService()));
  });
}

for (const setting of allSettings) {
  Deno.test(`${setting.field}: a bucket that is gone is an error, and no absent setting`, async () => {
    await using own = await startService();
    own.service.state.lacking.clear();
    const error = await assertRejects(
      () => setting.observe(own.s3, "nowhere"),
      ProviderError,
    );
    assertEquals([error.kind, error.code], ["NotFound", "NoSuchBucket"]);
  });
}

Deno.test("a service that lists the bucket when asked who pays does not know the question", async () => {
  // As moto answers.
  const body = '<?xml version="1.0"?><ListBucketResult><Name>bucket-one</Name></ListBucketResult>';
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response(body),
  );
  try {
    using own = startSession(settingsFor(`http://127.0.0.1:${server.addr.port}`));
    const error = await assertRejects(() => getRequestPayer(own.s3, "bucket-one"), ProviderError);
    assertEquals(error.kind, "Unsupported");
  } finally {
    await server.shutdown();
  }
});
