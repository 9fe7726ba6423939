/**
 * Whether a service honours a key yet.
 */
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ProviderError } from "./error.ts";
import type { S3 } from "./s3.ts";

/** An access key ID with its secret. */
export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Signs one request with a key. A refusal by a policy is an answer to a signature that was
 * accepted; only an unknown key or a signature that does not fit is none.
 *
 * @throws ProviderError when the service says nothing about the key
 */
export async function tryKey(s3: S3, { accessKeyId, secretAccessKey }: KeyPair): Promise<boolean> {
  const { session, signal } = s3;
  const client = session.clientWith({ accessKeyId, secretAccessKey });
  try {
    await session.call(
      { operation: "ListBuckets", signal, repeatable: true },
      () => client.send(new ListBucketsCommand({ MaxBuckets: 1 }), { abortSignal: signal }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "AccessDenied") return true;
    if (error.kind === "WrongKey" || error.kind === "WrongSecret") return false;
    throw error;
  } finally {
    client.destroy();
  }
}
