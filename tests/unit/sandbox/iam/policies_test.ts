import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  paginateListPolicies,
  SetDefaultPolicyVersionCommand,
} from "@aws-sdk/client-iam";
import { assertEquals } from "@std/assert";

import { refusalOf } from "../s3/fixture.ts";
import { addPolicy, allow, document, startIamFixture } from "./fixture.ts";

const PolicyName = "readers";
const statements = [allow("s3:GetObject")];

Deno.test("a policy is found by the ARN of its path and name", async () => {
  await using fixture = await startIamFixture();
  const { client, accountId } = fixture;
  const input = { PolicyName, Path: "/a/b/", PolicyDocument: document(...statements) };
  const { Policy } = await client.send(
    new CreatePolicyCommand({ ...input, Description: "who reads" }),
  );
  const PolicyArn = `arn:aws:iam::${accountId}:policy/a/b/readers`;
  assertEquals(Policy?.Arn, PolicyArn);
  const read = await client.send(new GetPolicyCommand({ PolicyArn }));
  assertEquals(read.Policy?.Description, "who reads");
  assertEquals([read.Policy?.DefaultVersionId, read.Policy?.AttachmentCount], ["v1", 0]);
  const again = await refusalOf(client.send(new CreatePolicyCommand({ ...input, Path: "/" })));
  assertEquals(again.name, "EntityAlreadyExistsException");
  const VersionId = "v1";
  const version = await client.send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  const text = decodeURIComponent(version.PolicyVersion?.Document ?? "");
  assertEquals(text, document(...statements));
});

Deno.test("a policy has five versions at most, and its default cannot go", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const PolicyArn = await addPolicy(client, { PolicyName, statements });
  const PolicyDocument = document(allow("s3:*"));
  const create = (SetAsDefault: boolean) =>
    client.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault }));
  for (const isDefault of [false, true, false, false]) await create(isDefault);
  const full = await refusalOf(create(false));
  assertEquals([full.name, full.status], ["LimitExceededException", 409]);

  const isGone = (VersionId: string) =>
    refusalOf(client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })));
  assertEquals((await isGone("v3")).name, "DeleteConflictException");
  assertEquals((await isGone("v9")).name, "NoSuchEntityException");
  await client.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: "v1" }));
  await client.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: "v3" }));
  await create(false);
  const { Versions = [] } = await client.send(new ListPolicyVersionsCommand({ PolicyArn }));
  assertEquals(Versions.map(({ VersionId, IsDefaultVersion }) => [VersionId, IsDefaultVersion]), [
    ["v1", true],
    ["v2", false],
    ["v4", false],
    ["v5", false],
    ["v6", false],
  ]);
  const kept = await refusalOf(client.send(new DeletePolicyCommand({ PolicyArn })));
  assertEquals(kept.name, "DeleteConflictException");
});

Deno.test("an attached policy names its users, and cannot be deleted", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const UserName = "eve";
  await fixture.addUser(UserName);
  const PolicyArn = await addPolicy(client, { PolicyName, UserName, statements });
  const { PolicyUsers } = await client.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  assertEquals(PolicyUsers?.map((user) => user.UserName), [UserName]);
  const kept = await refusalOf(client.send(new DeletePolicyCommand({ PolicyArn })));
  assertEquals([kept.name, kept.status], ["DeleteConflictException", 409]);
  await client.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
  await client.send(new DeletePolicyCommand({ PolicyArn }));
  const gone = await refusalOf(client.send(new GetPolicyCommand({ PolicyArn })));
  assertEquals(gone.name, "NoSuchEntityException");
});

Deno.test("policies are listed by whose they are, in pages", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  for (const name of ["a", "b", "c"]) await addPolicy(client, { PolicyName: name, statements });
  const pages: (string | undefined)[][] = [];
  for await (const page of paginateListPolicies({ client, pageSize: 2 }, { Scope: "Local" })) {
    pages.push((page.Policies ?? []).map((policy) => policy.PolicyName));
  }
  assertEquals(pages, [["a", "b"], ["c"]]);
  const shared = await client.send(new ListPoliciesCommand({ Scope: "AWS" }));
  const names = shared.Policies?.map((policy) => policy.PolicyName) ?? [];
  assertEquals(names.includes("WasabiFullAccess"), true);
  const attached = await client.send(new ListPoliciesCommand({ OnlyAttached: true }));
  assertEquals(attached.Policies, []);
});

Deno.test("a policy that every account has can be read, not changed", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  assertEquals((await client.send(new GetPolicyCommand({ PolicyArn }))).Policy?.Path, "/");
  const refused = await refusalOf(client.send(new DeletePolicyCommand({ PolicyArn })));
  assertEquals([refused.name, refused.status], ["AccessDenied", 403]);
});

Deno.test("a managed policy over 6,144 characters is refused, white space not counted", async () => {
  await using fixture = await startIamFixture();
  const { client } = fixture;
  const fits = `${document(...statements)}${" ".repeat(7_000)}`;
  await client.send(new CreatePolicyCommand({ PolicyName: "fits", PolicyDocument: fits }));
  const long = document(allow("s3:*", `arn:aws:s3:::${"x".repeat(6_144)}`));
  const refused = client.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: long }));
  assertEquals((await refusalOf(refused)).name, "LimitExceededException");
});
