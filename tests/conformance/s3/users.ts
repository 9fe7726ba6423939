/** Cases about IAM: users, keys, policies, and what they allow in S3. */
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../../support/eventually.ts";
import { type CloudCase, type CloudPlace, refusalOf } from "./place.ts";

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string;
  readonly Resource: string;
  readonly Principal?: unknown;
}

function policyOf(...Statement: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

const READ_ALL = policyOf({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::*" });
const LIST_ALL = policyOf({ Effect: "Allow", Action: "s3:List*", Resource: "*" });

async function createUser({ iam, name }: CloudPlace): Promise<string> {
  const UserName = name("user");
  await iam.send(new CreateUserCommand({ UserName }));
  return UserName;
}

interface KeyOfUser {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

async function createKey(iam: IAMClient, UserName: string): Promise<KeyOfUser> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
}

const users: readonly CloudCase[] = [
  {
    claim: "a user is created, read, listed and deleted",
    run: async (place) => {
      const { iam } = place;
      const UserName = await createUser(place);
      const { User } = await iam.send(new GetUserCommand({ UserName }));
      assertEquals([User?.UserName, User?.Path], [UserName, "/"]);
      assertMatch(User?.Arn ?? "", new RegExp(`^arn:aws:iam::\\d{12}:user/${UserName}$`));
      const { Users = [] } = await iam.send(new ListUsersCommand({}));
      assert(Users.some((user) => user.UserName === UserName));
      await iam.send(new DeleteUserCommand({ UserName }));
      const gone = await refusalOf(iam.send(new GetUserCommand({ UserName })));
      assertEquals(gone, { code: "NoSuchEntity", status: 404 });
    },
  },
  {
    claim: "a user that exists is EntityAlreadyExists",
    run: async (place) => {
      const UserName = await createUser(place);
      const refusal = await refusalOf(place.iam.send(new CreateUserCommand({ UserName })));
      assertEquals(refusal, { code: "EntityAlreadyExists", status: 409 });
    },
  },
  {
    claim: "a user with a key is DeleteConflict",
    run: async (place) => {
      const UserName = await createUser(place);
      await createKey(place.iam, UserName);
      const refusal = await refusalOf(place.iam.send(new DeleteUserCommand({ UserName })));
      assertEquals(refusal, { code: "DeleteConflict", status: 409 });
    },
  },
  {
    claim: "a user with an inline policy is DeleteConflict",
    run: async (place) => {
      const UserName = await createUser(place);
      await allow(place.iam, UserName, READ_ALL);
      const refusal = await refusalOf(place.iam.send(new DeleteUserCommand({ UserName })));
      assertEquals(refusal, { code: "DeleteConflict", status: 409 });
    },
  },
  {
    claim: "a user with an attached policy is DeleteConflict, and can be deleted after all is gone",
    run: async (place) => {
      const { iam, name } = place;
      const UserName = await createUser(place);
      const managed = { PolicyName: name("policy"), PolicyDocument: READ_ALL };
      const { Policy } = await iam.send(new CreatePolicyCommand(managed));
      const attachment = { UserName, PolicyArn: Policy!.Arn! };
      await iam.send(new AttachUserPolicyCommand(attachment));
      const refusal = await refusalOf(iam.send(new DeleteUserCommand({ UserName })));
      assertEquals(refusal, { code: "DeleteConflict", status: 409 });
      await iam.send(new DetachUserPolicyCommand(attachment));
      await iam.send(new DeletePolicyCommand({ PolicyArn: attachment.PolicyArn }));
      await iam.send(new DeleteUserCommand({ UserName }));
    },
  },
];

const keys: readonly CloudCase[] = [
  {
    claim: "a user has two keys at most",
    run: async (place) => {
      const { iam } = place;
      const UserName = await createUser(place);
      for (let count = 0; count < 2; count++) await createKey(iam, UserName);
      const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
      assertEquals(AccessKeyMetadata.map(({ Status }) => Status), ["Active", "Active"]);
      const refusal = await refusalOf(iam.send(new CreateAccessKeyCommand({ UserName })));
      assertEquals(refusal, { code: "LimitExceeded", status: 409 });
    },
  },
  {
    claim: "a key of a user that does not exist is NoSuchEntity",
    run: async ({ iam, name }) => {
      const command = new CreateAccessKeyCommand({ UserName: name("nobody") });
      assertEquals(await refusalOf(iam.send(command)), { code: "NoSuchEntity", status: 404 });
    },
  },
  {
    claim: "an inactive key is refused, and works again when it is active",
    run: async (place) => {
      const { iam, connect } = place;
      const UserName = await createUser(place);
      await allow(iam, UserName, LIST_ALL);
      const key = await createKey(iam, UserName);
      const AccessKeyId = key.accessKeyId;
      const s3 = connect(key);
      const works = async () => void await s3.send(new ListBucketsCommand({}));
      await eventually(works);
      await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" }));
      await eventually(async () => {
        const { status } = await refusalOf(s3.send(new ListBucketsCommand({})));
        assertEquals(status, 403);
      }, { timeoutMs: 2_000 });
      await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Active" }));
      await eventually(works);
    },
  },
  {
    claim: "a deleted key is InvalidAccessKeyId",
    run: async (place) => {
      const { iam, connect } = place;
      const UserName = await createUser(place);
      const key = await createKey(iam, UserName);
      await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: key.accessKeyId }));
      await eventually(async () => {
        const refusal = await refusalOf(connect(key).send(new ListBucketsCommand({})));
        assertEquals(refusal, { code: "InvalidAccessKeyId", status: 403 });
      }, { timeoutMs: 2_000 });
    },
  },
];

async function allow(iam: IAMClient, UserName: string, PolicyDocument: string): Promise<void> {
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "rights", PolicyDocument }));
}

const policies: readonly CloudCase[] = [
  {
    claim: "an inline policy comes back as it was put",
    run: async (place) => {
      const { iam } = place;
      const UserName = await createUser(place);
      await allow(iam, UserName, READ_ALL);
      const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
      assertEquals(PolicyNames, ["rights"]);
      const PolicyName = "rights";
      const { PolicyDocument = "" } = await iam.send(
        new GetUserPolicyCommand({ UserName, PolicyName }),
      );
      assertEquals(JSON.parse(decodeURIComponent(PolicyDocument)), JSON.parse(READ_ALL));
      await iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName }));
      const gone = await refusalOf(iam.send(new GetUserPolicyCommand({ UserName, PolicyName })));
      assertEquals(gone, { code: "NoSuchEntity", status: 404 });
    },
  },
  {
    claim: "a policy that is no policy is MalformedPolicyDocument",
    run: async (place) => {
      const UserName = await createUser(place);
      for (const document of ["{", '{"Version":"2012-10-17","Statement":[{"Effect":"Maybe"}]}']) {
        const refusal = await refusalOf(allow(place.iam, UserName, document));
        assertEquals(refusal, { code: "MalformedPolicyDocument", status: 400 }, document);
      }
    },
  },
  {
    claim: "a managed policy has five versions at most, and a default one",
    run: async ({ iam, name }) => {
      const document = { PolicyName: name("policy"), PolicyDocument: READ_ALL };
      const { Policy } = await iam.send(new CreatePolicyCommand(document));
      const PolicyArn = Policy!.Arn!;
      const next = { PolicyArn, PolicyDocument: LIST_ALL, SetAsDefault: true };
      for (let count = 2; count <= 5; count++) {
        await iam.send(new CreatePolicyVersionCommand(next));
      }
      const refusal = await refusalOf(iam.send(new CreatePolicyVersionCommand(next)));
      assertEquals(refusal, { code: "LimitExceeded", status: 409 });
      const read = await iam.send(new GetPolicyCommand({ PolicyArn }));
      assertEquals(read.Policy?.DefaultVersionId, "v5");
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }),
      );
      const stored = decodeURIComponent(PolicyVersion?.Document ?? "");
      assertEquals(JSON.parse(stored), JSON.parse(READ_ALL));
      const VersionId = "v5";
      const last = await refusalOf(
        iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId })),
      );
      assertEquals(last, { code: "DeleteConflict", status: 409 });
      for (const VersionId of ["v1", "v2", "v3", "v4"]) {
        await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
      }
      const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
      assertEquals(Versions?.map((version) => version.VersionId), ["v5"]);
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
  },
  {
    claim: "an attached policy is listed, and cannot be deleted",
    run: async (place) => {
      const { iam, name } = place;
      const UserName = await createUser(place);
      const document = { PolicyName: name("policy"), PolicyDocument: READ_ALL };
      const { Policy } = await iam.send(new CreatePolicyCommand(document));
      const PolicyArn = Policy!.Arn!;
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
      const { AttachedPolicies } = await iam.send(
        new ListAttachedUserPoliciesCommand({ UserName }),
      );
      assertEquals(AttachedPolicies?.map((policy) => policy.PolicyArn), [PolicyArn]);
      const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
      assertEquals(entities.PolicyUsers?.map((user) => user.UserName), [UserName]);
      const refusal = await refusalOf(iam.send(new DeletePolicyCommand({ PolicyArn })));
      assertEquals(refusal, { code: "DeleteConflict", status: 409 });
      await iam.send(new DetachUserPolicyCommand({ UserName, PolicyArn }));
      const twice = new DetachUserPolicyCommand({ UserName, PolicyArn });
      assertEquals(await refusalOf(iam.send(twice)), { code: "NoSuchEntity", status: 404 });
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
  },
];

/** A bucket with the objects `a` and `b`, and a client of a user without rights. */
async function withReader(place: CloudPlace) {
  const Bucket = await place.bucket();
  for (const Key of ["a", "b"]) {
    await place.s3.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  }
  const UserName = await createUser(place);
  const reader = place.connect(await createKey(place.iam, UserName));
  return { Bucket, UserName, reader };
}

const DENIED = { code: "AccessDenied", status: 403 };

async function untilDenied(reader: S3Client, object: { Bucket: string; Key: string }) {
  await eventually(
    async () => assertEquals(await refusalOf(reader.send(new GetObjectCommand(object))), DENIED),
    { timeoutMs: 2_000 },
  );
}

async function untilRead(reader: S3Client, object: { Bucket: string; Key: string }) {
  await eventually(async () => {
    const { Body } = await reader.send(new GetObjectCommand(object));
    assertEquals(await Body?.transformToString(), object.Key);
  }, { timeoutMs: 2_000 });
}

const enforcement: readonly CloudCase[] = [
  {
    claim: "a user may do nothing until a policy allows it, and Deny goes first",
    run: async (place) => {
      const { Bucket, UserName, reader } = await withReader(place);
      await untilDenied(reader, { Bucket, Key: "a" });
      const Resource = `arn:aws:s3:::${Bucket}/*`;
      const deny = {
        Effect: "Deny",
        Action: "s3:*",
        Resource: `arn:aws:s3:::${Bucket}/b`,
      } as const;
      const document = policyOf({ Effect: "Allow", Action: "s3:Get*", Resource }, deny);
      await allow(place.iam, UserName, document);
      await untilRead(reader, { Bucket, Key: "a" });
      await untilDenied(reader, { Bucket, Key: "b" });
      const write = new PutObjectCommand({ Bucket, Key: "a", Body: "x" });
      assertEquals(await refusalOf(reader.send(write)), DENIED);
    },
  },
  {
    claim: "a managed policy acts while it is attached",
    run: async (place) => {
      const { Bucket, UserName, reader } = await withReader(place);
      const document = { PolicyName: place.name("policy"), PolicyDocument: READ_ALL };
      const { Policy } = await place.iam.send(new CreatePolicyCommand(document));
      const attachment = { UserName, PolicyArn: Policy!.Arn! };
      await place.iam.send(new AttachUserPolicyCommand(attachment));
      await untilRead(reader, { Bucket, Key: "a" });
      await place.iam.send(new DetachUserPolicyCommand(attachment));
      await untilDenied(reader, { Bucket, Key: "a" });
    },
  },
  {
    claim: "a bucket policy lets a user of the account in",
    run: async (place) => {
      const { Bucket, UserName, reader } = await withReader(place);
      const { User } = await place.iam.send(new GetUserCommand({ UserName }));
      const Policy = policyOf({
        Effect: "Allow",
        Principal: { AWS: User!.Arn! },
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${Bucket}/a`,
      });
      await place.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      await untilRead(reader, { Bucket, Key: "a" });
      await untilDenied(reader, { Bucket, Key: "b" });
    },
  },
  {
    claim: "a Deny of the bucket policy goes before what the user's policy allows",
    run: async (place) => {
      const { Bucket, UserName, reader } = await withReader(place);
      await allow(place.iam, UserName, READ_ALL);
      await untilRead(reader, { Bucket, Key: "a" });
      const Policy = policyOf({
        Effect: "Deny",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `arn:aws:s3:::${Bucket}/a`,
      });
      await place.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
      await untilDenied(reader, { Bucket, Key: "a" });
      await untilRead(reader, { Bucket, Key: "b" });
    },
  },
];

/** All cases of this file. */
export const userCases: readonly CloudCase[] = [...users, ...keys, ...policies, ...enforcement];
