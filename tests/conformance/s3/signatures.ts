/** Cases about who is let in. */
import {
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { SignatureV4 } from "@smithy/signature-v4";
import { createHash, createHmac } from "node:crypto";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { type CloudCase, type CloudTarget, type Refusal, refusalOf } from "./place.ts";

function list(client: S3Client): Promise<Refusal> {
  return refusalOf(client.send(new ListBucketsCommand({})));
}

const keys: readonly CloudCase[] = [
  {
    claim: "an unknown key is InvalidAccessKeyId",
    run: async ({ connect }) => {
      const refusal = await list(connect({ accessKeyId: "AKIAUNKNOWNUNKNOWN00" }));
      assertEquals(refusal, { code: "InvalidAccessKeyId", status: 403 });
    },
  },
  {
    claim: "a wrong secret is SignatureDoesNotMatch",
    run: async ({ connect }) => {
      const refusal = await list(connect({ secretAccessKey: "wrong" }));
      assertEquals(refusal, { code: "SignatureDoesNotMatch", status: 403 });
    },
  },
  {
    claim: "a signature for another region is AuthorizationHeaderMalformed",
    run: async ({ connect }) => {
      const refusal = await list(connect({ region: "eu-central-1" }));
      assertEquals(refusal, { code: "AuthorizationHeaderMalformed", status: 400 });
    },
  },
  {
    claim: "a clock that is an hour ahead is RequestTimeTooSkewed",
    run: async ({ connect }) => {
      const refusal = await list(connect({ clockOffsetMs: 3_600_000 }));
      assertEquals(refusal, { code: "RequestTimeTooSkewed", status: 403 });
    },
  },
  {
    claim: "a request without a signature is AccessDenied",
    run: async ({ s3, bucket, target }) => {
      const Bucket = await bucket();
      await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "hello" }));
      const response = await fetch(`${target.url}/${Bucket}/a`);
      assertEquals(response.status, 403);
      assertStringIncludes(await response.text(), "<Code>AccessDenied</Code>");
    },
  },
];

/** Hashes by node:crypto, in the form that the signer asks for. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined
      ? createHash("sha256")
      : createHmac("sha256", secret as string);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.#hash.digest()));
  }
}

async function presign(
  target: CloudTarget,
  options: { readonly path: string; readonly signedAt?: Date },
): Promise<string> {
  const { host, hostname } = new URL(target.url);
  const signer = new SignatureV4({
    service: "s3",
    region: "us-east-1",
    credentials: target,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const request = {
    method: "GET",
    protocol: "http:",
    hostname,
    path: options.path,
    query: {},
    headers: { host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" },
  };
  const { query } = await signer.presign(request, {
    expiresIn: 60,
    signingDate: options.signedAt ?? new Date(),
    unhoistableHeaders: new Set(["x-amz-content-sha256"]),
    unsignableHeaders: new Set(["x-amz-content-sha256"]),
  });
  return `${target.url}${options.path}?${new URLSearchParams(query as Record<string, string>)}`;
}

const addresses: readonly CloudCase[] = [
  {
    claim: "a presigned URL works without credentials",
    run: async ({ s3, bucket, target }) => {
      const Bucket = await bucket();
      await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "hello" }));
      const response = await fetch(await presign(target, { path: `/${Bucket}/a` }));
      assertEquals([response.status, await response.text()], [200, "hello"]);
    },
  },
  {
    claim: "a presigned URL that is over or altered is 403",
    run: async ({ s3, bucket, target }) => {
      const Bucket = await bucket();
      for (const Key of ["a", "b"]) {
        await s3.send(new PutObjectCommand({ Bucket, Key, Body: "hello" }));
      }
      const path = `/${Bucket}/a`;
      const over = await presign(target, { path, signedAt: new Date(Date.now() - 120_000) });
      const altered = (await presign(target, { path })).replace(path, `/${Bucket}/b`);
      for (const url of [over, altered]) {
        const response = await fetch(url);
        await response.body?.cancel();
        assertEquals(response.status, 403, url);
      }
      await s3.send(new GetObjectCommand({ Bucket, Key: "b" }));
    },
  },
];

/** All cases of this file. */
export const signatureCases: readonly CloudCase[] = [...keys, ...addresses];
