import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";

import { refusalOf, startFixture } from "./fixture.ts";

const OTHER = { accountId: "999999999999", accessKeyId: "OTHERKEY", secretAccessKey: "other" };
const OWN = { accountId: "111111111111", accessKeyId: "OWNKEY", secretAccessKey: "own" };

Deno.test("a created bucket is listed, found, located and deleted", async () => {
  await using fixture = await startFixture({ region: "eu-central-1" });
  const { client } = fixture;

  await client.send(new CreateBucketCommand({ Bucket: "logs" }));
  const { Buckets } = await client.send(new ListBucketsCommand({}));
  const head = await client.send(new HeadBucketCommand({ Bucket: "logs" }));
  const location = await client.send(new GetBucketLocationCommand({ Bucket: "logs" }));
  await client.send(new DeleteBucketCommand({ Bucket: "logs" }));

  assertEquals(Buckets?.map(({ Name, BucketRegion }) => [Name, BucketRegion]), [
    ["logs", "eu-central-1"],
  ]);
  assertEquals(head.BucketRegion, "eu-central-1");
  assertEquals(location.LocationConstraint, "eu-central-1");
  assertEquals(fixture.s3.state.buckets.size, 0);
  assertEquals(fixture.s3.requests.entries.map((entry) => [entry.operation, entry.status]), [
    ["CreateBucket", 200],
    ["ListBuckets", 200],
    ["HeadBucket", 200],
    ["GetBucketLocation", 200],
    ["DeleteBucket", 204],
  ]);
});

Deno.test("ListBuckets pages by max-buckets and shows the caller's account only", async () => {
  await using fixture = await startFixture({ accounts: [OWN, OTHER] });
  for (const name of ["a-1", "a-2", "a-3"]) fixture.s3.state.createBucket(name);
  fixture.s3.state.createBucket("b-1", { accountId: OTHER.accountId });

  const first = await fixture.client.send(new ListBucketsCommand({ MaxBuckets: 2 }));
  const token = first.ContinuationToken;
  const second = await fixture.client.send(
    new ListBucketsCommand({ MaxBuckets: 2, ...(token && { ContinuationToken: token }) }),
  );

  assertEquals(first.Buckets?.map((bucket) => bucket.Name), ["a-1", "a-2"]);
  assertEquals(second.Buckets?.map((bucket) => bucket.Name), ["a-3"]);
  assertEquals(second.ContinuationToken, undefined);
});

Deno.test("GetBucketLocation is empty in us-east-1", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket("logs");
  const answer = await fixture.client.send(new GetBucketLocationCommand({ Bucket: "logs" }));
  assertEquals(answer.LocationConstraint, undefined);
});

Deno.test("CreateBucket takes the endpoint's region as constraint, and none in us-east-1", async () => {
  const cases = [
    ["us-east-1", "us-east-1", "InvalidLocationConstraint"],
    ["us-east-1", "eu-central-1", "IllegalLocationConstraintException"],
    ["us-east-1", "moon-1", "InvalidLocationConstraint"],
    ["eu-central-1", "eu-west-1", "IllegalLocationConstraintException"],
    ["eu-central-1", "us-east-1", "IllegalLocationConstraintException"],
  ] as const;
  for (const [region, constraint, code] of cases) {
    await using fixture = await startFixture({ region });
    const refused = await refusalOf(fixture.client.send(
      new CreateBucketCommand({
        Bucket: "logs",
        // deno-lint-ignore no-explicit-any -- values that the SDK's type does not have
        CreateBucketConfiguration: { LocationConstraint: constraint as any },
      }),
    ));
    assertEquals([refused.name, refused.status], [code, 400], `${constraint} in ${region}`);
  }
});

Deno.test("CreateBucket refuses names outside the grammar", async () => {
  await using fixture = await startFixture();
  for (const Bucket of ["ab", "Logs", "a..b", "192.168.0.1", "xn--a", "a-s3alias", "-ab"]) {
    const refused = await refusalOf(fixture.client.send(new CreateBucketCommand({ Bucket })));
    assertEquals([refused.name, refused.status], ["InvalidBucketName", 400], Bucket);
  }
});

Deno.test("a taken name tells its owner apart", async () => {
  await using fixture = await startFixture({ accounts: [OWN, OTHER] });
  fixture.s3.state.createBucket("mine");
  fixture.s3.state.createBucket("theirs", { accountId: OTHER.accountId });
  const { client } = fixture;

  const own = await refusalOf(client.send(new CreateBucketCommand({ Bucket: "mine" })));
  const foreign = await refusalOf(client.send(new CreateBucketCommand({ Bucket: "theirs" })));

  assertEquals([own.name, own.status], ["BucketAlreadyOwnedByYou", 409]);
  assertEquals([foreign.name, foreign.status], ["BucketAlreadyExists", 409]);
});

Deno.test("HeadBucket answers 404, 403 and 301 with the bucket's region", async () => {
  await using fixture = await startFixture({ accounts: [OWN, OTHER] });
  fixture.s3.state.createBucket("theirs", { accountId: OTHER.accountId });
  fixture.s3.state.createBucket("away", { region: "ap-southeast-2" });
  const { client } = fixture;

  const statuses: (number | undefined)[] = [];
  for (const Bucket of ["nowhere", "theirs", "away"]) {
    statuses.push((await refusalOf(client.send(new HeadBucketCommand({ Bucket })))).status);
  }
  const raw = await fetch(`${fixture.s3.url}/away`, { method: "HEAD" });

  assertEquals(statuses, [404, 403, 301]);
  assertEquals(raw.headers.get("x-amz-bucket-region"), "ap-southeast-2");
  assertEquals(await raw.text(), "");
});

Deno.test("GetBucketLocation answers for a bucket of another region", async () => {
  await using fixture = await startFixture();
  fixture.s3.state.createBucket("away", { region: "ap-southeast-2" });
  const answer = await fixture.client.send(new GetBucketLocationCommand({ Bucket: "away" }));
  assertEquals(answer.LocationConstraint, "ap-southeast-2");
});

Deno.test("DeleteBucket counts objects, markers and unfinished uploads as content", async () => {
  await using fixture = await startFixture();
  const { client, s3 } = fixture;
  s3.state.createBucket("objects");
  s3.state.putObject("objects", "a");
  s3.state.createBucket("uploads");
  await client.send(new CreateMultipartUploadCommand({ Bucket: "uploads", Key: "big" }));

  for (const Bucket of ["objects", "uploads"]) {
    const refused = await refusalOf(client.send(new DeleteBucketCommand({ Bucket })));
    assertEquals([refused.name, refused.status], ["BucketNotEmpty", 409], Bucket);
  }
});
