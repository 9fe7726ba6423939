/** Digests of a body that its sender declared. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

import { S3Error } from "./error.ts";
import type { S3Request } from "./request.ts";

/**
 * Compares each declared digest with the body.
 *
 * @throws {S3Error} BadDigest; InvalidDigest; InvalidRequest for an algorithm that the service
 * does not have, with Wasabi's words (docs:how-do-i-use-aws-cli-with-wasabi).
 */
export function checkDigests({ headers, body }: S3Request): void {
  const md5 = headers.get("content-md5");
  if (md5 !== null) {
    if (!/^[A-Za-z0-9+/]{22}==$/.test(md5)) throw new S3Error("InvalidDigest");
    expectSame(hashOf("md5", body), md5);
  }
  for (const [name, declared] of headers) {
    const algorithm = /^x-amz-checksum-(.+)$/.exec(name)?.[1];
    if (algorithm === undefined || algorithm === "mode" || algorithm === "type") continue;
    // On CreateMultipartUpload it names what the parts will have.
    if (algorithm === "algorithm") continue;
    expectSame(checksumOf(algorithm, body), declared);
  }
}

function checksumOf(algorithm: string, body: Uint8Array): string {
  if (algorithm === "sha256" || algorithm === "sha1") return hashOf(algorithm, body);
  if (algorithm === "crc32") {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, crc32(body));
    return btoa(String.fromCharCode(...bytes));
  }
  throw new S3Error("InvalidRequest", {
    message: "The algorithm type you specified in x-amz-checksum- header is invalid",
  });
}

function hashOf(algorithm: string, body: Uint8Array): string {
  return createHash(algorithm).update(body).digest("base64");
}

function expectSame(computed: string, declared: string): void {
  if (computed !== declared) throw new S3Error("BadDigest");
}
