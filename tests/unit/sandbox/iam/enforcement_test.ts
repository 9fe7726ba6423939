import {
  AttachUserPolicyCommand,
  CreatePolicyVersionCommand,
  DeleteAccessKeyCommand,
  DeleteUserPolicyCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { assertEquals } from "@std/assert";

import { FakeClock } from "../../../support/fake_clock.ts";
import { addPolicy, allow, document, type IamFixture, startIamFixture } from "./fixture.ts";

const UserName = "eve";
const Bucket = "logs";
const ARN = `arn:aws:s3:::${Bucket}`;

/** "ok", or the name of the refusal. */
async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    return (error as Error).name;
  }
}

function read(client: S3Client, Key = "a"): Promise<string> {
  return outcome(client.send(new GetObjectCommand({ Bucket, Key })));
}

function putPolicy({ s3Client }: IamFixture, ...statements: readonly object[]): Promise<unknown> {
  const Policy = document(...statements);
  return s3Client.send(new PutBucketPolicyCommand({ Bucket, Policy }));
}

async function withObjects(options: { readonly clock?: FakeClock } = {}): Promise<IamFixture> {
  const fixture = await startIamFixture(options);
  fixture.s3.state.createBucket(Bucket);
  for (const key of ["a", "home/eve/b"]) fixture.s3.state.putObject(Bucket, key, "x");
  return fixture;
}

Deno.test("a user without a policy may nothing", async () => {
  await using fixture = await withObjects();
  const client = fixture.connectS3(await fixture.addUser(UserName));
  assertEquals(await read(client), "AccessDenied");
  assertEquals(await outcome(client.send(new ListBucketsCommand({}))), "AccessDenied");
  assertEquals(
    await outcome(client.send(new CreateBucketCommand({ Bucket: "new" }))),
    "AccessDenied",
  );
});

Deno.test("what a policy allows, and no more, is done", async () => {
  await using fixture = await withObjects();
  const pair = await fixture.addUser(
    UserName,
    allow(["s3:GetObject", "s3:PutObject"], `${ARN}/home/\${aws:username}/*`),
    {
      ...allow("s3:ListBucket", ARN),
      Condition: { StringLike: { "s3:prefix": "home/${aws:username}/*" } },
    },
  );
  const client = fixture.connectS3(pair);
  const list = (Prefix?: string) =>
    outcome(client.send(new ListObjectsV2Command({ Bucket, ...(Prefix && { Prefix }) })));
  assertEquals(await read(client, "home/eve/b"), "ok");
  assertEquals(await read(client, "a"), "AccessDenied");
  assertEquals(await list("home/eve/"), "ok");
  assertEquals(await list("home/"), "AccessDenied");
  assertEquals(await list(), "AccessDenied");
  const put = new PutObjectCommand({ Bucket, Key: "home/eve/c", Body: "x" });
  assertEquals(await outcome(client.send(put)), "ok");
  const head = await outcome(client.send(new HeadBucketCommand({ Bucket })));
  assertEquals(head === "ok", false);
});

Deno.test("who may not list is not told that a key is missing", async () => {
  await using fixture = await withObjects();
  const reader = await fixture.addUser(UserName, allow("s3:GetObject"));
  const lister = await fixture.addUser("adam", allow(["s3:GetObject", "s3:ListBucket"]));
  assertEquals(await read(fixture.connectS3(reader), "absent"), "AccessDenied");
  assertEquals(await read(fixture.connectS3(lister), "absent"), "NoSuchKey");
});

Deno.test("DeleteObjects refuses each object for itself", async () => {
  await using fixture = await withObjects();
  const pair = await fixture.addUser(UserName, allow("s3:DeleteObject", `${ARN}/home/*`));
  const Objects = [{ Key: "a" }, { Key: "home/eve/b" }];
  const result = await fixture.connectS3(pair).send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
  );
  assertEquals(result.Deleted?.map(({ Key }) => Key), ["home/eve/b"]);
  assertEquals(result.Errors?.map(({ Key, Code }) => [Key, Code]), [["a", "AccessDenied"]]);
});

Deno.test("a bucket policy lets a user in, and shuts one out", async () => {
  await using fixture = await withObjects();
  const { accountId } = fixture;
  const nobody = fixture.connectS3(await fixture.addUser(UserName));
  const admin = fixture.connectS3(await fixture.addUser("adam", allow("*")));
  const statement = (Effect: string, name: string) => ({
    Effect,
    Principal: { AWS: `arn:aws:iam::${accountId}:user/${name}` },
    Action: "s3:*",
    Resource: [ARN, `${ARN}/*`],
  });
  assertEquals([await read(nobody), await read(admin)], ["AccessDenied", "ok"]);
  await putPolicy(fixture, statement("Allow", UserName), statement("Deny", "adam"));
  assertEquals([await read(nobody), await read(admin)], ["ok", "AccessDenied"]);
  const locked = admin.send(new DeleteBucketPolicyCommand({ Bucket }));
  assertEquals(await outcome(locked), "AccessDenied");
  await fixture.s3Client.send(new DeleteBucketPolicyCommand({ Bucket }));
  assertEquals([await read(nobody), await read(admin)], ["AccessDenied", "ok"]);
});

Deno.test("a Deny without TLS meets users, for the sandbox has none, and not the account", async () => {
  await using fixture = await withObjects();
  const admin = fixture.connectS3(await fixture.addUser(UserName, allow("*")));
  await putPolicy(fixture, {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: `${ARN}/*`,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  });
  assertEquals([await read(admin), await read(fixture.s3Client)], ["AccessDenied", "ok"]);
});

Deno.test("a policy for everybody opens to requests without a signature", async () => {
  await using fixture = await withObjects();
  const look = async () => {
    const response = await fetch(`${fixture.s3.url}/${Bucket}/a`);
    return [response.status, await response.text()];
  };
  assertEquals((await look())[0], 403);
  await putPolicy(fixture, { ...allow("s3:GetObject", `${ARN}/*`), Principal: "*" });
  assertEquals(await look(), [200, "x"]);
});

Deno.test("another account comes in by the bucket's policy only", async () => {
  await using fixture = await withObjects();
  const accountId = "222222222222";
  const pair = { accessKeyId: "OTHERACCOUNT", secretAccessKey: "secret" };
  fixture.s3.state.addKey({ accountId, ...pair });
  const other = fixture.connectS3(pair);
  assertEquals(await read(other), "AccessDenied");
  await putPolicy(fixture, {
    ...allow("s3:GetObject", `${ARN}/*`),
    Principal: { AWS: accountId },
  });
  assertEquals(await read(other), "ok");
});

Deno.test("an attached policy holds, with its default version", async () => {
  await using fixture = await withObjects();
  const { client } = fixture;
  const s3 = fixture.connectS3(await fixture.addUser(UserName));
  const statements = [allow("s3:GetObject")];
  const PolicyArn = await addPolicy(client, { PolicyName: "p", UserName, statements });
  assertEquals(await read(s3), "ok");
  const PolicyDocument = document(allow("s3:PutObject"));
  await client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument }));
  assertEquals(await read(s3), "ok");
  const change = { PolicyArn, PolicyDocument, SetAsDefault: true };
  await client.send(new CreatePolicyVersionCommand(change));
  assertEquals(await read(s3), "AccessDenied");
  const full = "arn:aws:iam::aws:policy/WasabiFullAccess";
  await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn: full }));
  assertEquals(await read(s3), "ok");
});

Deno.test("a key that is inactive or deleted is refused", async () => {
  await using fixture = await withObjects();
  const pair = await fixture.addUser(UserName, allow("s3:*"));
  const AccessKeyId = pair.accessKeyId;
  const s3 = fixture.connectS3(pair);
  const turn = (Status: "Active" | "Inactive") =>
    fixture.client.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status }));
  const seen = [await read(s3)];
  await turn("Inactive");
  seen.push(await read(s3));
  await turn("Active");
  seen.push(await read(s3));
  await fixture.client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  seen.push(await read(s3));
  assertEquals(seen, ["ok", "InvalidAccessKeyId", "ok", "InvalidAccessKeyId"]);
});

Deno.test("a change by IAM holds after the delay, and in the order in which it was made", async () => {
  const clock = new FakeClock(Date.now());
  await using fixture = await withObjects({ clock });
  fixture.iam.directory.propagationMs = 10_000;
  const pair = await fixture.addUser(UserName, allow("s3:GetObject"));
  const s3 = fixture.connectS3(pair);
  const seen = [await read(s3)];
  await clock.advance(10_000);
  seen.push(await read(s3));

  const ref = { UserName, PolicyName: "own" };
  await fixture.client.send(new DeleteUserPolicyCommand(ref));
  await clock.advance(5_000);
  const PolicyDocument = document(allow("s3:*"));
  await fixture.client.send(new PutUserPolicyCommand({ ...ref, PolicyDocument }));
  seen.push(await read(s3));
  await clock.advance(5_000);
  seen.push(await read(s3));
  await clock.advance(5_000);
  seen.push(await read(s3));

  const AccessKeyId = pair.accessKeyId;
  await fixture.client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
  seen.push(await read(s3));
  await clock.advance(10_000);
  seen.push(await read(s3));
  const unknown = "InvalidAccessKeyId";
  assertEquals(seen, [unknown, "ok", "ok", "AccessDenied", "ok", "ok", unknown]);
});
