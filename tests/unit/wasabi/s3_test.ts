import { assertEquals, assertRejects } from "@std/assert";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { FaultEffect } from "../../../src/sandbox/s3/faults.ts";
import { ProviderError } from "../../../src/wasabi/error.ts";
import {
  type BucketPresence,
  createBucket,
  deleteBucket,
  getTags,
  getVersioning,
  lookUpBucket,
  putTags,
  putVersioning,
} from "../../../src/wasabi/s3.ts";
import { startService } from "./fixture.ts";

function refusal(status: number, code: string, more: Partial<FaultEffect> = {}): FaultEffect {
  return { kind: "error", status, code, ...more } as FaultEffect;
}

const LOOK_UPS: readonly (readonly [
  string,
  FaultEffect | undefined,
  FaultEffect | undefined,
  unknown,
])[] = [
  // what, answer to HEAD, answer to GetBucketLocation, presence
  ["an answer", undefined, undefined, { kind: "present", region: "us-east-1" }],
  ["404", refusal(404, "NotFound"), undefined, { kind: "absent" }],
  [
    "301 with the region in its header",
    refusal(301, "PermanentRedirect", { headers: { "x-amz-bucket-region": "eu-west-1" } }),
    undefined,
    { kind: "elsewhere", region: "eu-west-1" },
  ],
  ["301 without a region", refusal(301, "PermanentRedirect"), undefined, {
    kind: "elsewhere",
    region: undefined,
  }],
  ["307", refusal(307, "TemporaryRedirect"), undefined, { kind: "elsewhere", region: undefined }],
  [
    "403, and 403 to the second question",
    refusal(403, "AccessDenied"),
    refusal(403, "AccessDenied"),
    {
      kind: "forbidden",
    },
  ],
  ["403, and an answer to the second question", refusal(403, "AccessDenied"), undefined, {
    kind: "present",
    region: "us-east-1",
  }],
  [
    "403, and 404 to the second question",
    refusal(403, "AccessDenied"),
    refusal(404, "NoSuchBucket"),
    {
      kind: "absent",
    },
  ],
  [
    "400, and the right region by the second question",
    refusal(400, "AuthorizationHeaderMalformed"),
    refusal(400, "AuthorizationHeaderMalformed", { region: "eu-west-1" }),
    { kind: "elsewhere", region: "eu-west-1" },
  ],
  [
    "400, and a redirect by the second question",
    refusal(400, "BadRequest"),
    refusal(301, "PermanentRedirect"),
    {
      kind: "elsewhere",
      region: undefined,
    },
  ],
];

for (const [what, head, location, presence] of LOOK_UPS) {
  Deno.test(`a bucket whose look-up gets ${what} is ${JSON.stringify(presence)}`, async () => {
    await using stage = await startService();
    // The service adds the region of a bucket that it has to every answer.
    if ((presence as BucketPresence).kind === "present") await createBucket(stage.s3, "bucket-one");
    if (head) stage.service.faults.inject({ match: { operation: "HeadBucket" }, effect: head });
    if (location) {
      stage.service.faults.inject({ match: { operation: "GetBucketLocation" }, effect: location });
    }
    assertEquals(await lookUpBucket(stage.s3, "bucket-one") as unknown, presence);
  });
}

for (
  const [what, head, location, kind] of [
    ["500", refusal(500, "InternalError"), undefined, "ServerError"],
    ["405", refusal(405, "MethodNotAllowed"), undefined, "Unsupported"],
    ["403 for a wrong key", refusal(403, "x"), refusal(403, "InvalidAccessKeyId"), "WrongKey"],
    ["403 for a lockout", refusal(403, "x"), refusal(403, "AuthenticationLockout"), "Lockout"],
    ["400 for a wrong token", refusal(400, "x"), refusal(400, "ExpiredToken"), "WrongToken"],
  ] as const
) {
  Deno.test(`a look-up that gets ${what} says nothing about the bucket`, async () => {
    await using stage = await startService();
    stage.service.faults.inject({ match: { operation: "HeadBucket" }, effect: head });
    if (location) {
      stage.service.faults.inject({ match: { operation: "GetBucketLocation" }, effect: location });
    }
    const error = await assertRejects(() => lookUpBucket(stage.s3, "bucket-one"), ProviderError);
    assertEquals(error.kind, kind);
  });
}

Deno.test("a creation is sent once, even where its answer is lost", async () => {
  await using stage = await startService({
    retry: { maxAttempts: 5, backoffStrategy: "exponential" },
  });
  stage.service.faults.inject({ effect: { kind: "lostAnswer" } });
  await assertRejects(() => createBucket(stage.s3, "bucket-one"), ProviderError);
  assertEquals(stage.service.requests.of("CreateBucket").length, 1);
  assertEquals((await lookUpBucket(stage.s3, "bucket-one")).kind, "present");
});

Deno.test("a bucket that is gone already is deleted", async () => {
  await using stage = await startService();
  await deleteBucket(stage.s3, "bucket-one");
});

Deno.test("versioning is read as never switched on, on and suspended", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, "bucket-one");
  assertEquals(await getVersioning(stage.s3, "bucket-one"), undefined);
  for (const status of ["Enabled", "Suspended"] as const) {
    // deno-lint-ignore no-await-in-loop
    await putVersioning(stage.s3, "bucket-one", { status });
    // deno-lint-ignore no-await-in-loop
    assertEquals(await getVersioning(stage.s3, "bucket-one"), status);
  }
});

Deno.test("tags are replaced as a whole, and an empty set removes them", async () => {
  await using stage = await startService();
  await stage.session.client.send(new CreateBucketCommand({ Bucket: "bucket-one" }));
  for (const tags of [{ a: "1", b: "ü" }, { c: "" }, {}]) {
    // deno-lint-ignore no-await-in-loop
    await putTags(stage.s3, "bucket-one", { tags });
    // deno-lint-ignore no-await-in-loop
    assertEquals(await getTags(stage.s3, "bucket-one"), tags);
  }
});

Deno.test("a creation whose answer is lost was sent once, also after other calls", async () => {
  await using stage = await startService();
  await lookUpBucket(stage.s3, "bucket-one");
  stage.service.faults.inject({
    match: { operation: "CreateBucket" },
    effect: { kind: "lostAnswer" },
  });
  const lost = await assertRejects(() => createBucket(stage.s3, "bucket-one"), ProviderError);
  assertEquals(lost.kind, "ConnectionLost");
  assertEquals(stage.service.requests.of("CreateBucket").length, 1);
});
