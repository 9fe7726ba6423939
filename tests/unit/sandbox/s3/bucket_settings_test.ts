import {
  DeleteBucketTaggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";

import { refusalOf, startFixture } from "./fixture.ts";

const Bucket = "logs";

Deno.test("versioning has no status until it is set, and then one of two", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket);
  const seen: (string | undefined)[] = [];
  async function look() {
    seen.push((await fixture.client.send(new GetBucketVersioningCommand({ Bucket }))).Status);
  }

  await look();
  for (const Status of ["Enabled", "Suspended"] as const) {
    const VersioningConfiguration = { Status };
    await fixture.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await look();
  }

  assertEquals(seen, [undefined, "Enabled", "Suspended"]);
});

Deno.test("tags come back as they were put, and are absent after deletion", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket);
  const { client } = fixture;
  const TagSet = [{ Key: "team", Value: "a & b <c>" }, { Key: "empty", Value: "" }, {
    Key: "number",
    Value: "007",
  }];

  const before = await refusalOf(client.send(new GetBucketTaggingCommand({ Bucket })));
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  const stored = await client.send(new GetBucketTaggingCommand({ Bucket }));
  await client.send(new DeleteBucketTaggingCommand({ Bucket }));
  const after = await refusalOf(client.send(new GetBucketTaggingCommand({ Bucket })));

  assertEquals(stored.TagSet, TagSet);
  assertEquals([before.name, before.status], ["NoSuchTagSet", 404]);
  assertEquals(after.name, "NoSuchTagSet");
});

Deno.test("an empty tag set is stored, and is not the absence of one", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket);
  const { client } = fixture;
  await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [] } }));
  const stored = await client.send(new GetBucketTaggingCommand({ Bucket }));
  assertEquals(stored.TagSet, []);
});

Deno.test("tags outside the limits are refused", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket);
  const sets = [
    [{ Key: "a", Value: "1" }, { Key: "a", Value: "2" }],
    [{ Key: "aws:a", Value: "1" }],
    [{ Key: "k".repeat(129), Value: "1" }],
    [{ Key: "a", Value: "v".repeat(257) }],
    Array.from({ length: 51 }, (_, index) => ({ Key: `k${index}`, Value: "" })),
  ];
  for (const TagSet of sets) {
    const command = new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } });
    const refused = await refusalOf(fixture.client.send(command));
    assertEquals([refused.name, refused.status], ["InvalidTag", 400]);
  }
  assertEquals(fixture.s3.state.buckets.get(Bucket)?.tags, undefined);
});

Deno.test("what Wasabi does not have is 405, what the sandbox does not have is 501", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket(Bucket);
  const { client } = fixture;
  const encryption = await refusalOf(client.send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    }),
  ));
  const block = await refusalOf(client.send(new GetPublicAccessBlockCommand({ Bucket })));
  const events = await refusalOf(
    client.send(new GetBucketNotificationConfigurationCommand({ Bucket })),
  );

  assertEquals([encryption.name, encryption.status], ["MethodNotAllowed", 405]);
  assertEquals([block.name, block.status], ["MethodNotAllowed", 405]);
  assertEquals([events.name, events.status], ["NotImplemented", 501]);
});
