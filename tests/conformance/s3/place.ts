/**
 * Where a case about S3 or IAM runs: a service that it knows by addresses and credentials only.
 */
import { IAMClient } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  type CreateBucketCommandInput,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AbortMultipartUploadCommand } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { assertEquals } from "@std/assert";
import type { KnownDifference } from "../known_differences.ts";

/** How to reach a service as its administrator. */
export interface CloudTarget {
  readonly name: string;
  readonly url: string;
  /** Address of IAM. */
  readonly iamUrl: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Credentials and region of a client. */
export interface ClientOptions {
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** How far the client's clock is ahead. */
  readonly clockOffsetMs?: number;
}

/** What a case works with. */
export interface CloudPlace {
  readonly target: CloudTarget;
  readonly s3: S3Client;
  readonly iam: IAMClient;
  /** A name that nothing has yet. */
  name(suffix?: string): string;
  /** Creates a bucket, which is emptied and deleted after the case. */
  bucket(options?: Partial<CreateBucketCommandInput>): Promise<string>;
  /** A client with other credentials; the case need not close it. */
  connect(options?: ClientOptions): S3Client;
}

/** A claim about the service, and how to refute it. */
export interface CloudCase {
  readonly claim: string;
  readonly run: (place: CloudPlace) => Promise<void>;
}

const REGION = "us-east-1";

/**
 * Runs each case as a step of the test. A case that is listed as a known difference has to fail;
 * a listed one that passes, and an unlisted one that fails, fail the test.
 */
export async function runCloudCases(
  context: Deno.TestContext,
  target: CloudTarget,
  options: {
    readonly cases: readonly CloudCase[];
    readonly differences?: readonly KnownDifference[];
  },
): Promise<void> {
  const { cases, differences = [] } = options;
  const unknown = differences.filter(({ claim }) => !cases.some((one) => one.claim === claim));
  assertEquals(unknown, [], "listed differences of no case");
  const runName = `c${Date.now().toString(36)}`;
  for (const [index, { claim, run }] of cases.entries()) {
    const difference = differences.find((one) => one.claim === claim);
    const title = difference === undefined ? claim : `differs: ${claim} (${difference.reason})`;
    await context.step(title, async () => {
      const attempt = runInPlace(target, `${runName}-${index}`, run);
      if (difference === undefined) await attempt;
      else await mustFail(attempt);
    });
  }
}

async function mustFail(attempt: Promise<void>): Promise<void> {
  const isPassed = await attempt.then(() => true, () => false);
  if (isPassed) throw new Error("Passes: take it off the list of known differences");
}

async function runInPlace(
  target: CloudTarget,
  prefix: string,
  run: CloudCase["run"],
): Promise<void> {
  const clients: { destroy(): void }[] = [];
  const buckets: string[] = [];
  const connect = (options: ClientOptions = {}) => {
    const client = s3ClientOf(target, options);
    clients.push(client);
    return client;
  };
  const s3 = connect();
  const iam = iamClientOf(target);
  clients.push(iam);
  let names = 0;
  const name = (suffix = "b") => `${prefix}-${names++}-${suffix}`;
  try {
    await run({
      target,
      s3,
      iam,
      name,
      connect,
      async bucket(options = {}) {
        const Bucket = name();
        await s3.send(new CreateBucketCommand({ Bucket, ...options }));
        buckets.push(Bucket);
        return Bucket;
      },
    });
  } finally {
    await Promise.all(buckets.map((bucket) => remove(s3, bucket).catch(() => {})));
    for (const client of clients) client.destroy();
  }
}

function s3ClientOf(target: CloudTarget, options: ClientOptions): S3Client {
  const { accessKeyId, secretAccessKey, region = REGION } = { ...target, ...options };
  return new S3Client({
    endpoint: target.url,
    region,
    forcePathStyle: true,
    maxAttempts: 1,
    followRegionRedirects: false,
    credentials: { accessKeyId, secretAccessKey },
    systemClockOffset: options.clockOffsetMs ?? 0,
    requestHandler: new NodeHttpHandler({ requestTimeout: 15_000, throwOnRequestTimeout: true }),
  });
}

/** An IAM client of the target with these credentials. */
export function iamClientOf(
  target: CloudTarget,
  { accessKeyId, secretAccessKey }: ClientOptions = {},
): IAMClient {
  return new IAMClient({
    endpoint: target.iamUrl,
    region: REGION,
    maxAttempts: 1,
    credentials: {
      accessKeyId: accessKeyId ?? target.accessKeyId,
      secretAccessKey: secretAccessKey ?? target.secretAccessKey,
    },
    requestHandler: new NodeHttpHandler({ requestTimeout: 15_000, throwOnRequestTimeout: true }),
  });
}

/** Empties a bucket by its lists, as the operator does. */
export async function empty(s3: S3Client, Bucket: string): Promise<void> {
  const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
  for (const { Key, UploadId } of Uploads) {
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
  }
  for (let round = 0; round < 10; round++) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket }));
    const Objects = [...page.Versions ?? [], ...page.DeleteMarkers ?? []]
      .map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const Delete = { Objects, Quiet: true };
    const { Errors = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete }));
    assertEquals(Errors, []);
  }
  throw new Error(`Cannot empty bucket: "${Bucket}" is never empty`);
}

async function remove(s3: S3Client, Bucket: string): Promise<void> {
  await empty(s3, Bucket);
  await s3.send(new DeleteBucketCommand({ Bucket }));
}

/** What the service said when it refused. */
export interface Refusal {
  readonly code: string;
  readonly status: number | undefined;
}

/** The refusal of a call; fails where the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === undefined) throw error;
    // The SDK names IAM's errors after its own classes.
    return { code: name.replace(/Exception$/, ""), status: $metadata.httpStatusCode };
  }
  throw new Error("Expected the call to be refused");
}
