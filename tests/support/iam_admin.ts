/**
 * The hands of a person with an IAM client: looks at users and keys and changes them behind our
 * back.
 */
import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import type { CloudEndpoint } from "./cloud_admin.ts";

/** A key as the service lists it. */
export interface KeyFacts {
  readonly id: string;
  readonly active: boolean;
}

/** An IAM client with an administrator's key; close it with `close`. */
export class IamAdmin {
  readonly #endpoint: CloudEndpoint;
  readonly #client: IAMClient;

  constructor(endpoint: CloudEndpoint) {
    this.#endpoint = endpoint;
    this.#client = new IAMClient({
      endpoint: endpoint.iamUrl!,
      region: "us-east-1",
      credentials: endpoint,
    });
  }

  /** Makes a user. */
  async createUser(name: string): Promise<string> {
    const answer = await this.#client.send(new CreateUserCommand({ UserName: name }));
    return answer.User!.UserId!;
  }

  /** Id of a user; undefined when there is none. */
  async userId(name: string): Promise<string | undefined> {
    const answer = await orUndefined(
      this.#client.send(new GetUserCommand({ UserName: name })),
    );
    return answer?.User?.UserId;
  }

  /** Writes an inline policy. */
  async putPolicy(user: string, name: string, document: unknown): Promise<void> {
    await this.#client.send(
      new PutUserPolicyCommand({
        UserName: user,
        PolicyName: name,
        PolicyDocument: JSON.stringify(document),
      }),
    );
  }

  /** An inline policy; undefined when there is none. */
  async policy(user: string, name = `${user}-policy`): Promise<unknown> {
    const answer = await orUndefined(
      this.#client.send(new GetUserPolicyCommand({ UserName: user, PolicyName: name })),
    );
    const text = answer?.PolicyDocument;
    if (text === undefined) return undefined;
    return JSON.parse(text.startsWith("{") ? text : decodeURIComponent(text));
  }

  /** Names of the inline policies of a user. */
  async policies(user: string): Promise<readonly string[]> {
    const answer = await this.#client.send(new ListUserPoliciesCommand({ UserName: user }));
    return answer.PolicyNames ?? [];
  }

  /** Makes a managed policy that allows everything in S3. */
  async createManagedPolicy(name: string): Promise<string> {
    const answer = await this.#client.send(
      new CreatePolicyCommand({
        PolicyName: name,
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
        }),
      }),
    );
    return answer.Policy!.Arn!;
  }

  /** Attaches a managed policy. */
  async attach(user: string, arn: string): Promise<void> {
    await this.#client.send(new AttachUserPolicyCommand({ UserName: user, PolicyArn: arn }));
  }

  /** ARNs of the managed policies of a user. */
  async attached(user: string): Promise<readonly string[]> {
    const answer = await this.#client.send(new ListAttachedUserPoliciesCommand({ UserName: user }));
    return (answer.AttachedPolicies ?? []).map(({ PolicyArn }) => PolicyArn!);
  }

  /** Makes a key. */
  async createKey(user: string): Promise<{ readonly id: string; readonly secret: string }> {
    const { AccessKey } = await this.#client.send(new CreateAccessKeyCommand({ UserName: user }));
    return { id: AccessKey!.AccessKeyId!, secret: AccessKey!.SecretAccessKey! };
  }

  /** Keys of a user; none when there is no such user. */
  async keys(user: string): Promise<readonly KeyFacts[]> {
    const answer = await orUndefined(
      this.#client.send(new ListAccessKeysCommand({ UserName: user })),
    );
    return (answer?.AccessKeyMetadata ?? [])
      .map(({ AccessKeyId, Status }) => ({ id: AccessKeyId!, active: Status === "Active" }));
  }

  /** Switches a key on or off. */
  async setActive(user: string, id: string, active: boolean): Promise<void> {
    const Status = active ? "Active" : "Inactive";
    await this.#client.send(
      new UpdateAccessKeyCommand({ UserName: user, AccessKeyId: id, Status }),
    );
  }

  /** Deletes a key. */
  async deleteKey(user: string, id: string): Promise<void> {
    await this.#client.send(new DeleteAccessKeyCommand({ UserName: user, AccessKeyId: id }));
  }

  /** True when the service accepts the signature of a key, whatever the key may do. */
  async works(key: { readonly id: string; readonly secret: string }): Promise<boolean> {
    const client = new S3Client({
      endpoint: this.#endpoint.url,
      region: "us-east-1",
      forcePathStyle: true,
      maxAttempts: 1,
      credentials: { accessKeyId: key.id, secretAccessKey: key.secret },
    });
    try {
      await client.send(new ListBucketsCommand({}));
      return true;
    } catch (error) {
      return (error as Error).name === "AccessDenied";
    } finally {
      client.destroy();
    }
  }

  /** Frees the connections. */
  close(): void {
    this.#client.destroy();
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (/^NoSuchEntity/.test((error as Error).name)) return undefined;
    throw error;
  }
}
