/**
 * The hands of a person who looks at managed policies, and changes them behind our back.
 */
import {
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  IAMClient,
  ListPolicyVersionsCommand,
} from "@aws-sdk/client-iam";
import type { TestObject } from "./builders.ts";
import type { CloudEndpoint } from "./cloud_admin.ts";

/** An IAM client with an administrator's key; close it with `close`. */
export class ManagedPolicyAdmin {
  readonly #client: IAMClient;

  constructor(endpoint: CloudEndpoint) {
    this.#client = new IAMClient({
      endpoint: endpoint.iamUrl!,
      region: "us-east-1",
      credentials: endpoint,
    });
  }

  /** Makes a policy, and returns its ARN. */
  async create(
    name: string,
    { document, description }: { readonly document: TestObject; readonly description?: string },
  ): Promise<string> {
    const answer = await this.#client.send(
      new CreatePolicyCommand({
        PolicyName: name,
        PolicyDocument: JSON.stringify(document),
        ...(description === undefined ? {} : { Description: description }),
      }),
    );
    return answer.Policy!.Arn!;
  }

  /** Adds a version that holds from now on. */
  async update(arn: string, document: TestObject): Promise<void> {
    await this.#client.send(
      new CreatePolicyVersionCommand({
        PolicyArn: arn,
        PolicyDocument: JSON.stringify(document),
        SetAsDefault: true,
      }),
    );
  }

  /** The document that holds; undefined when there is no such policy. */
  async document(arn: string): Promise<TestObject | undefined> {
    try {
      const { Policy } = await this.#client.send(new GetPolicyCommand({ PolicyArn: arn }));
      const VersionId = Policy!.DefaultVersionId!;
      const answer = await this.#client.send(
        new GetPolicyVersionCommand({ PolicyArn: arn, VersionId }),
      );
      const text = answer.PolicyVersion!.Document!;
      return JSON.parse(text.startsWith("{") ? text : decodeURIComponent(text));
    } catch (error) {
      if (/^NoSuchEntity/.test((error as Error).name)) return undefined;
      throw error;
    }
  }

  /** Names of the versions. */
  async versions(arn: string): Promise<readonly string[]> {
    const answer = await this.#client.send(new ListPolicyVersionsCommand({ PolicyArn: arn }));
    return (answer.Versions ?? []).map(({ VersionId }) => VersionId!);
  }

  /** Makes a user and attaches the policy. */
  async attachTo(userName: string, arn: string): Promise<void> {
    await this.#client.send(new CreateUserCommand({ UserName: userName }));
    await this.#client.send(
      new AttachUserPolicyCommand({ UserName: userName, PolicyArn: arn }),
    );
  }

  /** Detaches the policy. */
  async detachFrom(userName: string, arn: string): Promise<void> {
    await this.#client.send(
      new DetachUserPolicyCommand({ UserName: userName, PolicyArn: arn }),
    );
  }

  /** Frees the connections. */
  close(): void {
    this.#client.destroy();
  }
}
