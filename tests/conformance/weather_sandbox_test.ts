/**
 * Every switch for bad weather of the embedded S3 service, and what the operator's own client makes
 * of it. The switches of the embedded Kubernetes API are played in tests/scenario/api_weather_test.ts.
 */
import { assertEquals } from "@std/assert";
import type { FaultEffect } from "../../src/sandbox/s3/faults.ts";
import { ProviderError, type ProviderErrorKind } from "../../src/wasabi/error.ts";
import { getCors, putCors } from "../../src/wasabi/bucket_settings/rules.ts";
import { createBucket, getTags, lookUpBucket } from "../../src/wasabi/s3.ts";
import { startService } from "../unit/wasabi/fixture.ts";

interface Weather {
  readonly what: string;
  readonly effect: FaultEffect;
  readonly kind: ProviderErrorKind;
  readonly transient: boolean;
  readonly region?: string;
}

function error(status: number, code: string, more: object = {}): FaultEffect {
  return { kind: "error", status, code, ...more };
}

const WEATHER: readonly Weather[] = [
  {
    what: "307 to another region's endpoint",
    effect: error(307, "TemporaryRedirect", {
      endpoint: "bucket.s3.eu-central-2.example.com",
      headers: { "x-amz-bucket-region": "eu-central-2" },
    }),
    kind: "WrongRegion",
    transient: false,
    region: "eu-central-2",
  },
  {
    what: "301 for good",
    effect: error(301, "PermanentRedirect", { headers: { "x-amz-bucket-region": "eu-west-1" } }),
    kind: "WrongRegion",
    transient: false,
    region: "eu-west-1",
  },
  {
    what: "400 for a signature of another region",
    effect: error(400, "AuthorizationHeaderMalformed", { region: "ap-northeast-1" }),
    kind: "WrongRegion",
    transient: false,
    region: "ap-northeast-1",
  },
  {
    what: "a lock-out after too many wrong credentials",
    effect: error(403, "AuthenticationLockout"),
    kind: "Lockout",
    transient: false,
  },
  {
    what: "clocks that differ too much",
    effect: error(403, "RequestTimeTooSkewed"),
    kind: "ClockSkew",
    transient: false,
  },
  {
    what: "throttling with Retry-After",
    effect: error(503, "SlowDown", { headers: { "retry-after": "3" } }),
    kind: "Throttled",
    transient: true,
  },
  {
    what: "Wasabi's throttling, which is a 403",
    effect: error(403, "RequestRateLimitExceeded"),
    kind: "Throttled",
    transient: true,
  },
  {
    what: "any other code",
    effect: error(500, "InternalError"),
    kind: "ServerError",
    transient: true,
  },
  { what: "silence", effect: { kind: "silence" }, kind: "Timeout", transient: true },
  { what: "a reset", effect: { kind: "reset" }, kind: "ConnectionLost", transient: true },
  {
    what: "a lost answer",
    effect: { kind: "lostAnswer" },
    kind: "ConnectionLost",
    transient: true,
  },
];

/** What a call throws. */
async function errorOf(call: Promise<unknown>): Promise<ProviderError> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof ProviderError) return thrown;
    throw thrown;
  }
  throw new Error("The call succeeded");
}

for (const { what, effect, kind, transient } of WEATHER) {
  Deno.test(`${what} is ${kind} on the call that it meets, and the next one works`, async () => {
    await using stage = await startService();
    await createBucket(stage.s3, "bucket");
    stage.service.faults.inject({ match: { operation: "GetBucketTagging" }, after: 1, effect });
    assertEquals(await getTags(stage.s3, "bucket"), {});
    const met = await errorOf(getTags(stage.s3, "bucket"));
    assertEquals([met.kind, met.transient], [kind, transient]);
    stage.service.faults.clear();
    assertEquals(await getTags(stage.s3, "bucket"), {});
  });
}

for (const { what, effect, region } of WEATHER.filter((weather) => weather.region !== undefined)) {
  Deno.test(`${what} tells that the bucket is in ${region}`, async () => {
    await using stage = await startService();
    stage.service.faults.inject({ match: { operation: "GetBucketTagging" }, effect });
    assertEquals((await errorOf(getTags(stage.s3, "bucket"))).region, region);
  });
}

Deno.test("a truncated answer is no answer, whatever its first half says", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, "bucket");
  stage.service.faults.inject({
    match: { operation: "GetBucketTagging" },
    effect: { kind: "truncated" },
  });
  // A 404 that breaks off: what it begins to say is not believed.
  const met = await errorOf(getTags(stage.s3, "bucket"));
  assertEquals([met.kind, met.code], ["Invalid", "NotAnS3Answer"]);
});

Deno.test("latency within the limit is only slow", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, "bucket");
  stage.service.faults.inject({ effect: { kind: "latency", ms: 20 } });
  assertEquals((await lookUpBucket(stage.s3, "bucket")).kind, "present");
});

Deno.test("a feature that the service lacks is 405 for reads and writes, others are there", async () => {
  await using stage = await startService();
  await createBucket(stage.s3, "bucket");
  stage.service.state.lacking.add("cors");
  const kinds = [
    await errorOf(getCors(stage.s3, "bucket")),
    await errorOf(putCors(stage.s3, "bucket", { rules: [] })),
  ].map(({ kind }) => kind);
  assertEquals(kinds, ["Unsupported", "Unsupported"]);
  assertEquals(await getTags(stage.s3, "bucket"), {});
  stage.service.state.lacking.delete("cors");
  assertEquals(await getCors(stage.s3, "bucket"), []);
});
