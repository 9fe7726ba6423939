import {
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import type { S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";

import type { Clock } from "../../../../src/ops/clock.ts";
import { type SandboxIam, startSandboxIam } from "../../../../src/sandbox/iam/server.ts";
import type { SandboxS3 } from "../../../../src/sandbox/s3/server.ts";
import { startFixture } from "../s3/fixture.ts";

/** A pair of a user. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** S3 and IAM with one directory, and clients, all ended by `await using`. */
export interface IamFixture extends AsyncDisposable {
  readonly iam: SandboxIam;
  readonly s3: SandboxS3;
  /** Clients of the account's own key. */
  readonly client: IAMClient;
  readonly s3Client: S3Client;
  readonly accountId: string;
  connect(pair: KeyPair, region?: string): IAMClient;
  connectS3(pair: KeyPair): S3Client;
  /** Makes a user with a key, and with these statements as its inline policy. */
  addUser(UserName: string, ...statements: readonly object[]): Promise<KeyPair>;
}

/** Starts both services. */
export async function startIamFixture(
  options: { readonly clock?: Clock } = {},
): Promise<IamFixture> {
  const s3Fixture = await startFixture(options);
  const { s3 } = s3Fixture;
  const iam = await startSandboxIam({ directory: s3.state.directory });
  const clients: IAMClient[] = [];
  function connect(credentials: KeyPair, region = "us-east-1"): IAMClient {
    const requestHandler = new NodeHttpHandler({ requestTimeout: 2_000 });
    const options = { endpoint: iam.url, region, maxAttempts: 1, requestHandler };
    const client = new IAMClient({ ...options, credentials });
    clients.push(client);
    return client;
  }
  const client = connect(s3);
  return {
    iam,
    s3,
    client,
    s3Client: s3Fixture.client,
    accountId: "100000200001",
    connect,
    connectS3: (pair) => s3Fixture.connect(pair),
    async addUser(UserName, ...statements) {
      await client.send(new CreateUserCommand({ UserName }));
      if (statements.length > 0) {
        const PolicyDocument = document(...statements);
        await client.send(
          new PutUserPolicyCommand({ UserName, PolicyName: "own", PolicyDocument }),
        );
      }
      const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName }));
      return {
        accessKeyId: AccessKey?.AccessKeyId ?? "",
        secretAccessKey: AccessKey?.SecretAccessKey ?? "",
      };
    },
    async [Symbol.asyncDispose]() {
      for (const each of clients) each.destroy();
      await iam.stop();
      await s3Fixture[Symbol.asyncDispose]();
    },
  };
}

/** A document of version 2012-10-17. */
export function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A statement that allows. */
export function allow(Action: string | string[], Resource: string | string[] = "*"): object {
  return { Effect: "Allow", Action, Resource };
}

/** Makes a managed policy and, where a user is named, attaches it. */
export async function addPolicy(
  client: IAMClient,
  { PolicyName, UserName, statements }: {
    readonly PolicyName: string;
    readonly UserName?: string;
    readonly statements: readonly object[];
  },
): Promise<string> {
  const PolicyDocument = document(...statements);
  const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName, PolicyDocument }));
  const PolicyArn = Policy?.Arn ?? "";
  if (UserName !== undefined) {
    await client.send(new AttachUserPolicyCommand({ UserName, PolicyArn }));
  }
  return PolicyArn;
}
