import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteBucketReplicationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketReplicationCommand,
  type LifecycleRule,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
} from "@aws-sdk/client-s3";
import { assert, assertEquals } from "@std/assert";

import { type Fixture, refusalOf, startFixture } from "./fixture.ts";

const Bucket = "logs";

async function withBucket(): Promise<Fixture> {
  const fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket);
  return fixture;
}

function putRules({ client }: Fixture, Rules: LifecycleRule[]): Promise<unknown> {
  const LifecycleConfiguration = { Rules };
  return client.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }),
  );
}

Deno.test("each setting that was never put has its own error, or is empty", async () => {
  await using fixture = await withBucket();
  const { client } = fixture;
  const calls: readonly Promise<unknown>[] = [
    client.send(new GetBucketPolicyCommand({ Bucket })),
    client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
    client.send(new GetBucketCorsCommand({ Bucket })),
    client.send(new GetBucketReplicationCommand({ Bucket })),
  ];
  const refusals = await Promise.all(calls.map(refusalOf));
  assertEquals(refusals.map(({ name, status }) => [name, status]), [
    ["NoSuchBucketPolicy", 404],
    ["NoSuchLifecycleConfiguration", 404],
    ["NoSuchCORSConfiguration", 404],
    ["ReplicationConfigurationNotFoundError", 404],
  ]);
  const logging = await client.send(new GetBucketLoggingCommand({ Bucket }));
  assertEquals(logging.LoggingEnabled, undefined);
});

Deno.test("a lifecycle comes back as it was put, with an id for each rule", async () => {
  await using fixture = await withBucket();
  const rules: LifecycleRule[] = [
    { ID: "tmp", Status: "Enabled", Filter: { Prefix: "tmp/" }, Expiration: { Days: 90 } },
    {
      ID: "both",
      Status: "Disabled",
      Filter: { And: { Prefix: "a/", Tags: [{ Key: "k", Value: "" }], ObjectSizeLessThan: 10 } },
      NoncurrentVersionExpiration: { NoncurrentDays: 1, NewerNoncurrentVersions: 3 },
      Expiration: { ExpiredObjectDeleteMarker: true },
    },
    {
      Status: "Enabled",
      Filter: {},
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ];
  await putRules(fixture, rules);
  const { Rules = [] } = await fixture.client.send(
    new GetBucketLifecycleConfigurationCommand({ Bucket }),
  );
  const generated = Rules[2]?.ID;
  assert(generated);
  assertEquals(Rules, [...rules.slice(0, 2), { ...rules[2], ID: generated }]);

  await fixture.client.send(new DeleteBucketLifecycleCommand({ Bucket }));
  const gone = fixture.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
  assertEquals((await refusalOf(gone)).name, "NoSuchLifecycleConfiguration");
});

const RULE: LifecycleRule = { Status: "Enabled", Filter: { Prefix: "" }, Expiration: { Days: 1 } };
const WRONG_RULES: readonly (readonly [claim: string, LifecycleRule[], code: string])[] = [
  ["without an action", [{ Status: "Enabled", Filter: { Prefix: "" } }], "InvalidRequest"],
  ["of zero days", [{ ...RULE, Expiration: { Days: 0 } }], "InvalidArgument"],
  ["without days or date", [{ ...RULE, Expiration: {} }], "MalformedXML"],
  ["without filter", [{ Status: "Enabled", Expiration: { Days: 1 } }], "MalformedXML"],
  ["with filter and prefix", [{ ...RULE, Prefix: "a" }], "MalformedXML"],
  ["with another status", [{ ...RULE, Status: "On" as "Enabled" }], "MalformedXML"],
  ["with a transition", [
    { ...RULE, Transitions: [{ Days: 1, StorageClass: "GLACIER" }] },
  ], "MalformedXML"],
  [
    "at noon",
    [{ ...RULE, Expiration: { Date: new Date("2027-01-01T12:00:00Z") } }],
    "InvalidArgument",
  ],
  ["with two filters", [
    { ...RULE, Filter: { Prefix: "a", ObjectSizeLessThan: 5 } },
  ], "MalformedXML"],
  ["that aborts uploads by tag", [
    {
      Status: "Enabled",
      Filter: { Tag: { Key: "a", Value: "b" } },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ], "InvalidRequest"],
  ["with a repeated id", [{ ...RULE, ID: "a" }, { ...RULE, ID: "a" }], "InvalidArgument"],
];

for (const [claim, rules, code] of WRONG_RULES) {
  Deno.test(`a lifecycle rule ${claim} is refused`, async () => {
    await using fixture = await withBucket();
    const refused = await refusalOf(putRules(fixture, rules));
    assertEquals([refused.name, refused.status], [code, 400]);
  });
}

Deno.test("CORS rules come back, and methods that do not exist are refused", async () => {
  await using fixture = await withBucket();
  const { client } = fixture;
  const CORSRules = [
    {
      AllowedHeaders: ["*"],
      AllowedMethods: ["GET", "MOVE"],
      AllowedOrigins: ["https://*.example.com", "https://a.example"],
      ExposeHeaders: ["ETag"],
      MaxAgeSeconds: 600,
    },
    { AllowedMethods: ["HEAD"], AllowedOrigins: ["*"] },
  ];
  const put = (
    rules: typeof CORSRules | { AllowedMethods: string[]; AllowedOrigins: string[] }[],
  ) =>
    client.send(
      new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: rules } }),
    );
  await put(CORSRules);
  assertEquals((await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules, CORSRules);
  const method = await refusalOf(put([{ AllowedMethods: ["PATCH"], AllowedOrigins: ["*"] }]));
  const origin = await refusalOf(put([{ AllowedMethods: ["GET"], AllowedOrigins: ["*.a.*"] }]));
  const none = await refusalOf(put([]));
  assertEquals([method.name, origin.name, none.name], [
    "InvalidRequest",
    "InvalidRequest",
    "MalformedXML",
  ]);
  await client.send(new DeleteBucketCorsCommand({ Bucket }));
  const gone = await refusalOf(client.send(new GetBucketCorsCommand({ Bucket })));
  assertEquals(gone.name, "NoSuchCORSConfiguration");
});

Deno.test("logging needs a target of the same account, and ends by an empty status", async () => {
  await using fixture = await withBucket();
  const { client, s3 } = fixture;
  s3.state.createBucket("audit");
  s3.state.createBucket("foreign", { accountId: "222222222222" });
  const put = (TargetBucket: string) =>
    client.send(
      new PutBucketLoggingCommand({
        Bucket,
        BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: "logs/" } },
      }),
    );
  await put("audit");
  const { LoggingEnabled } = await client.send(new GetBucketLoggingCommand({ Bucket }));
  assertEquals(LoggingEnabled, { TargetBucket: "audit", TargetPrefix: "logs/" });
  for (const target of ["foreign", "nowhere"]) {
    assertEquals((await refusalOf(put(target))).name, "InvalidTargetBucketForLogging");
  }
  await client.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: {} }));
  const off = await client.send(new GetBucketLoggingCommand({ Bucket }));
  assertEquals(off.LoggingEnabled, undefined);
});

Deno.test("replication wants the same versioning on both sides", async () => {
  await using fixture = await withBucket();
  const { client, s3 } = fixture;
  const target = s3.state.createBucket("copy");
  const ReplicationConfiguration = {
    Role: "",
    Rules: [{
      ID: "all",
      Priority: 1,
      Status: "Enabled" as const,
      Filter: { Prefix: "a/" },
      DeleteMarkerReplication: { Status: "Disabled" as const },
      Destination: { Bucket: "arn:aws:s3:::copy" },
    }],
  };
  const put = () =>
    client.send(new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration }));
  target.versioning = "Enabled";
  assertEquals((await refusalOf(put())).name, "InvalidRequest");
  target.versioning = undefined;
  await put();
  const read = await client.send(new GetBucketReplicationCommand({ Bucket }));
  assertEquals(read.ReplicationConfiguration?.Rules, ReplicationConfiguration.Rules);
  await client.send(new DeleteBucketReplicationCommand({ Bucket }));
  const gone = await refusalOf(client.send(new GetBucketReplicationCommand({ Bucket })));
  assertEquals(gone.status, 404);
});

Deno.test("a bucket policy comes back as it was written, until it is deleted", async () => {
  await using fixture = await withBucket();
  const { client } = fixture;
  const Policy = `{ "Statement": {"Effect":"Deny", "Principal":"*",
    "Action": "s3:*", "Resource": ["arn:aws:s3:::logs"]}}`;
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
  assertEquals((await client.send(new GetBucketPolicyCommand({ Bucket }))).Policy, Policy);
  await client.send(new DeleteBucketPolicyCommand({ Bucket }));
  await client.send(new DeleteBucketPolicyCommand({ Bucket }));
  const gone = await refusalOf(client.send(new GetBucketPolicyCommand({ Bucket })));
  assertEquals(gone.name, "NoSuchBucketPolicy");
});

Deno.test("a bucket policy that is wrong or over 20 KiB is malformed, and changes nothing", async () => {
  await using fixture = await withBucket();
  const { client, s3 } = fixture;
  const wrong = ["{", "{}", " ".repeat(20 * 1_024 + 1)];
  for (const Policy of wrong) {
    const refused = await refusalOf(client.send(new PutBucketPolicyCommand({ Bucket, Policy })));
    assertEquals([refused.name, refused.status], ["MalformedPolicy", 400]);
  }
  assertEquals(s3.state.buckets.get(Bucket)?.policy, undefined);
});

Deno.test("the ACL says that the owner may everything", async () => {
  await using fixture = await withBucket();
  const { Owner, Grants = [] } = await fixture.client.send(new GetBucketAclCommand({ Bucket }));
  assert(Owner?.ID);
  assertEquals(Grants.map(({ Grantee, Permission }) => [Grantee?.ID, Grantee?.Type, Permission]), [
    [Owner.ID, "CanonicalUser", "FULL_CONTROL"],
  ]);
});
