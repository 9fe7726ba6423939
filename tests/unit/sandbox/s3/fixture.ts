import { S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";

import { systemClock } from "../../../../src/ops/clock.ts";
import {
  type SandboxS3,
  type SandboxS3Options,
  startSandboxS3,
} from "../../../../src/sandbox/s3/server.ts";

/** Credentials and region of a client that differ from the service's own. */
export interface ClientOptions {
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly maxAttempts?: number;
  readonly endpoint?: string;
}

/** A service with its clients, all ended by `await using`. */
export interface Fixture extends AsyncDisposable {
  readonly s3: SandboxS3;
  /** A client of the first account. */
  readonly client: S3Client;
  connect(options?: ClientOptions): S3Client;
}

/** Starts a service and a client of its first account. */
export async function startFixture(options: Partial<SandboxS3Options> = {}): Promise<Fixture> {
  const s3 = await startSandboxS3({ clock: systemClock, ...options });
  const clients: S3Client[] = [];
  function connect(overrides: ClientOptions = {}): S3Client {
    const { accessKeyId, secretAccessKey } = { ...s3, ...overrides };
    const { sessionToken } = overrides;
    const client = new S3Client({
      endpoint: overrides.endpoint ?? s3.url,
      region: overrides.region ?? s3.region,
      forcePathStyle: true,
      maxAttempts: overrides.maxAttempts ?? 1,
      credentials: {
        accessKeyId,
        secretAccessKey,
        ...(sessionToken !== undefined && { sessionToken }),
      },
      requestHandler: new NodeHttpHandler({ requestTimeout: 2_000, throwOnRequestTimeout: true }),
    });
    clients.push(client);
    return client;
  }
  return {
    s3,
    client: connect(),
    connect,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client.destroy();
      await s3.stop();
    },
  };
}

/** What the service said when it refused. */
export interface Refused {
  readonly name: string;
  readonly status: number | undefined;
  readonly error: Record<string, unknown>;
}

/** The refusal of a call; fails where the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    const fields = error as Record<string, unknown> & {
      name: string;
      $metadata?: { httpStatusCode?: number };
    };
    return { name: fields.name, status: fields.$metadata?.httpStatusCode, error: fields };
  }
  throw new Error("Expected the call to be refused");
}
