import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteLoginProfileCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetAccessKeyLastUsedCommand,
  GetLoginProfileCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListMFADevicesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  paginateListUsers,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { assert, assertEquals, assertMatch } from "@std/assert";

import { refusalOf } from "../s3/fixture.ts";
import { addPolicy, allow, document, startIamFixture } from "./fixture.ts";

const UserName = "eve";
const READ_ONLY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";

Deno.test("a user has an ARN with its path, and is found by its name", async () => {
  await using fixture = await startIamFixture();
  const { client, accountId } = fixture;
  const { User } = await client.send(new CreateUserCommand({ UserName, Path: "/team/" }));
  assertEquals(User?.Arn, `arn:aws:iam::${accountId}:user/team/eve`);
  const found = await client.send(new GetUserCommand({ UserName }));
  assertEquals(found.User, User);
  const again = await refusalOf(client.send(new CreateUserCommand({ UserName: "Eve" })));
  assertEquals([again.name, again.status], ["EntityAlreadyExistsException", 409]);
  const absent = await refusalOf(client.send(new GetUserCommand({ UserName: "adam" })));
  assertEquals([absent.name, absent.status], ["NoSuchEntityException", 404]);
});

Deno.test("GetUser without a name says who asks", async () => {
  await using fixture = await startIamFixture();
  const { client, accountId } = fixture;
  const pair = await fixture.addUser(UserName, allow("iam:GetUser"));
  const root = await client.send(new GetUserCommand({}));
  const eve = await fixture.connect(pair).send(new GetUserCommand({}));
  assertEquals([root.User?.Arn, root.User?.UserName], [
    `arn:aws:iam::${accountId}:root`,
    undefined,
  ]);
  assertEquals(eve.User?.UserName, UserName);
});

Deno.test("users are listed in pages, by path", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  for (const name of ["c", "a", "b"]) {
    await client.send(new CreateUserCommand({ UserName: name, Path: name === "b" ? "/x/" : "/" }));
  }
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListUsers({ client, pageSize: 2 }, {})) {
    pages.push((page.Users ?? []).map((user) => user.UserName));
  }
  assertEquals(pages, [["a", "b"], ["c"]]);
  const byPath = await client.send(new ListUsersCommand({ PathPrefix: "/x/" }));
  assertEquals(byPath.Users?.map((user) => user.UserName), ["b"]);
});

Deno.test("a user with anything left cannot be deleted", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const { accessKeyId } = await fixture.addUser(UserName, allow("s3:*"));
  await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
  const messages: string[] = [];
  async function tryIt(): Promise<void> {
    const refused = await refusalOf(client.send(new DeleteUserCommand({ UserName })));
    assertEquals([refused.name, refused.status], ["DeleteConflictException", 409]);
    messages.push(String(refused.error["message"]));
  }
  await tryIt();
  await client.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: accessKeyId }));
  await tryIt();
  await client.send(new DeleteUserPolicyCommand({ UserName, PolicyName: "own" }));
  await tryIt();
  await client.send(new DetachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
  await client.send(new DeleteUserCommand({ UserName }));
  assertMatch(messages.join(), /access keys.*delete policies.*detach all/);
  const gone = await refusalOf(client.send(new DeleteUserCommand({ UserName })));
  assertEquals(gone.name, "NoSuchEntityException");
});

Deno.test("a user has two keys at most, and a key is shown with its secret once", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const first = await fixture.addUser(UserName);
  const second = await client.send(new CreateAccessKeyCommand({ UserName }));
  const third = await refusalOf(client.send(new CreateAccessKeyCommand({ UserName })));
  assertEquals([third.name, third.status], ["LimitExceededException", 409]);
  const listed = await client.send(new ListAccessKeysCommand({ UserName }));
  const ids = listed.AccessKeyMetadata?.map(({ AccessKeyId }) => AccessKeyId).sort();
  assertEquals(ids, [first.accessKeyId, second.AccessKey?.AccessKeyId].sort());
  assertEquals(JSON.stringify(listed).includes(first.secretAccessKey), false);
  assertMatch(first.accessKeyId, /^[A-Z0-9]{20}$/);
  assertEquals(first.secretAccessKey.length, 40);
});

Deno.test("a key can be switched off, and its last use is known", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const pair = await fixture.addUser(UserName, allow("s3:ListAllMyBuckets"));
  const AccessKeyId = pair.accessKeyId;
  const before = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  assertEquals(before.AccessKeyLastUsed?.ServiceName, "N/A");
  assertEquals(before.AccessKeyLastUsed?.LastUsedDate, undefined);
  await fixture.connectS3(pair).send(new ListBucketsCommand({}));
  const after = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  assertEquals([after.UserName, after.AccessKeyLastUsed?.ServiceName], [UserName, "s3"]);
  assert(after.AccessKeyLastUsed?.LastUsedDate);

  await client.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" }));
  const { AccessKeyMetadata } = await client.send(new ListAccessKeysCommand({ UserName }));
  assertEquals(AccessKeyMetadata?.map(({ Status }) => Status), ["Inactive"]);
  for (const AccessKeyId of ["AKIANOBODY", pair.accessKeyId]) {
    const call = client.send(new DeleteAccessKeyCommand({ UserName: "adam", AccessKeyId }));
    assertEquals((await refusalOf(call)).name, "NoSuchEntityException");
  }
});

Deno.test("an inline policy comes back percent-encoded, and is limited in size", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  await fixture.addUser(UserName, allow("s3:*"));
  const ref = { UserName, PolicyName: "own" };
  const { PolicyDocument = "" } = await client.send(new GetUserPolicyCommand(ref));
  assertMatch(PolicyDocument, /^%7B%22Version%22/);
  assertEquals(PolicyDocument.includes("*"), false);
  assertEquals(decodeURIComponent(PolicyDocument), document(allow("s3:*")));
  const long = document(allow("s3:*", `arn:aws:s3:::${"x".repeat(2_000)}`));
  const limited = client.send(
    new PutUserPolicyCommand({ UserName, PolicyName: "long", PolicyDocument: long }),
  );
  assertEquals((await refusalOf(limited)).name, "LimitExceededException");
  const wrong = client.send(new PutUserPolicyCommand({ ...ref, PolicyDocument: "{}" }));
  const refused = await refusalOf(wrong);
  assertEquals([refused.name, refused.status], ["MalformedPolicyDocumentException", 400]);
  const { PolicyNames } = await client.send(new ListUserPoliciesCommand({ UserName }));
  assertEquals(PolicyNames, ["own"]);
  await client.send(new DeleteUserPolicyCommand(ref));
  assertEquals((await refusalOf(client.send(new GetUserPolicyCommand(ref)))).status, 404);
});

Deno.test("policies are attached once, and detached once", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  await fixture.addUser(UserName);
  const statements = [allow("s3:*")];
  const PolicyArn = await addPolicy(client, { PolicyName: "p", UserName, statements });
  await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn: READ_ONLY }));
  const listed = await client.send(new ListAttachedUserPoliciesCommand({ UserName }));
  assertEquals(listed.AttachedPolicies, [
    { PolicyName: "p", PolicyArn },
    { PolicyName: "AmazonS3ReadOnlyAccess", PolicyArn: READ_ONLY },
  ]);
  await client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  const again = client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  assertEquals((await refusalOf(again)).name, "NoSuchEntityException");
  const nothing = `${PolicyArn}-of-nobody`;
  const absent = client.send(new AttachUserPolicyCommand({ UserName, PolicyArn: nothing }));
  assertEquals((await refusalOf(absent)).name, "NoSuchEntityException");
});

Deno.test("no user has groups, devices or a password", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  await fixture.addUser(UserName);
  assertEquals((await client.send(new ListGroupsForUserCommand({ UserName }))).Groups, []);
  assertEquals((await client.send(new ListMFADevicesCommand({ UserName }))).MFADevices, []);
  for (const command of [GetLoginProfileCommand, DeleteLoginProfileCommand]) {
    const call = client.send(new command({ UserName }) as GetLoginProfileCommand);
    assertEquals((await refusalOf(call)).name, "NoSuchEntityException");
  }
});
