/**
 * Proves who sent a request: Signature Version 4, in the header and in the query.
 *
 * It signs the received request with the known secret, by the library that the SDK itself uses,
 * and compares. Source of the rules:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
 */
import { createHash, timingSafeEqual } from "node:crypto";

import { Sha256 } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";

import { S3Error } from "./error.ts";
import type { AccessKey } from "./keys.ts";
import type { S3Request } from "./request.ts";
import { claimOf, type SignatureClaim } from "./signature_claim.ts";

const MAX_SKEW_MS = 15 * 60 * 1_000;
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";
const PAYLOAD_HASH_HEADER = "x-amz-content-sha256";

/** What a signature is checked against. */
export interface Verifier {
  readonly region: string;
  /** Name that the credential's scope has to carry. */
  readonly service: "s3" | "iam" | "sts";
  /** Wall time of the service in milliseconds since 1970. */
  readonly now: number;
  readonly key: (accessKeyId: string) => AccessKey | undefined;
}

/**
 * The key that signed the request.
 *
 * @throws {S3Error} AccessDenied without a signature, AuthorizationHeaderMalformed (with Region
 * where the request was signed for another one), InvalidAccessKeyId, InvalidToken,
 * RequestTimeTooSkewed, SignatureDoesNotMatch, XAmzContentSHA256Mismatch.
 */
export async function authenticate(
  request: S3Request,
  verifier: Verifier,
): Promise<AccessKey> {
  const claim = claimOf(request);
  checkScope(claim, verifier);
  const key = verifier.key(claim.accessKeyId);
  if (key === undefined || key.status === "Inactive") {
    throw new S3Error("InvalidAccessKeyId", { fields: { AWSAccessKeyId: claim.accessKeyId } });
  }
  checkToken(claim, key);
  checkTime(claim, verifier.now);
  const expected = await signatureFor(request, { claim, key });
  if (!isSame(expected, claim.signature)) {
    throw new S3Error("SignatureDoesNotMatch", { fields: { AWSAccessKeyId: claim.accessKeyId } });
  }
  checkPayload(request, claim);
  return key;
}

function checkScope(claim: SignatureClaim, { region, service }: Verifier): void {
  const code = claim.kind === "header"
    ? "AuthorizationHeaderMalformed"
    : "AuthorizationQueryParametersError";
  if (claim.region !== region) {
    throw new S3Error(code, {
      message:
        `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${region}'`,
      fields: { Region: region },
    });
  }
  if (claim.service !== service) {
    throw new S3Error(code, {
      message: `Credential should be scoped to correct service: '${service}'`,
    });
  }
  if (claim.date !== claim.longDate.slice(0, 8)) throw new S3Error(code);
}

function checkToken(claim: SignatureClaim, key: AccessKey): void {
  if (claim.sessionToken === key.sessionToken) return;
  // A temporary key without its token is as unknown as a key that never existed.
  throw new S3Error(claim.sessionToken === undefined ? "InvalidAccessKeyId" : "InvalidToken");
}

function checkTime(claim: SignatureClaim, now: number): void {
  if (claim.kind === "query") {
    const isOver = now > claim.signedAt + claim.expiresInSeconds * 1_000;
    if (isOver) throw new S3Error("AccessDenied", { message: "Request has expired" });
    if (claim.signedAt <= now + MAX_SKEW_MS) return;
    throw new S3Error("AccessDenied", { message: "Request is not valid yet" });
  }
  if (Math.abs(now - claim.signedAt) <= MAX_SKEW_MS) return;
  throw new S3Error("RequestTimeTooSkewed", {
    fields: {
      RequestTime: claim.longDate,
      ServerTime: new Date(now).toISOString(),
      MaxAllowedSkewMilliseconds: String(MAX_SKEW_MS),
    },
  });
}

function checkPayload(request: S3Request, claim: SignatureClaim): void {
  const declared = payloadHashOf(request, claim);
  if (declared === UNSIGNED_PAYLOAD) return;
  if (declared.startsWith("STREAMING-")) {
    throw new S3Error("NotImplemented", { message: `Cannot read a body of kind ${declared}` });
  }
  if (createHash("sha256").update(request.body).digest("hex") !== declared) {
    throw new S3Error("XAmzContentSHA256Mismatch");
  }
}

function payloadHashOf(request: S3Request, claim: SignatureClaim): string {
  if (claim.kind === "query") {
    return request.query.get("X-Amz-Content-Sha256") ??
      request.headers.get(PAYLOAD_HASH_HEADER) ?? UNSIGNED_PAYLOAD;
  }
  const declared = request.headers.get(PAYLOAD_HASH_HEADER);
  if (declared !== null) return declared;
  // Only S3 wants to be told; to sign a body, every service uses its hash.
  if (claim.service !== "s3") return createHash("sha256").update(request.body).digest("hex");
  throw new S3Error("InvalidRequest", {
    message: `Missing required header: ${PAYLOAD_HASH_HEADER}`,
  });
}

/** The signature that the key's holder would have made for this request. */
async function signatureFor(
  request: S3Request,
  { claim, key }: { readonly claim: SignatureClaim; readonly key: AccessKey },
): Promise<string> {
  const signer = new SignatureV4({
    service: claim.service,
    region: claim.region,
    credentials: key,
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });
  const signed = new Set(claim.signedHeaders);
  const headers = Object.fromEntries(
    claim.signedHeaders.map((name) => [name, request.headers.get(name) ?? ""]),
  );
  headers[PAYLOAD_HASH_HEADER] = payloadHashOf(request, claim);
  const isHashSigned = signed.has(PAYLOAD_HASH_HEADER);
  const options = {
    signingDate: new Date(claim.signedAt),
    signableHeaders: signed,
    unsignableHeaders: new Set(isHashSigned ? [] : [PAYLOAD_HASH_HEADER]),
  };
  const unsigned = toSmithy(request, headers);
  if (claim.kind === "header") {
    const { headers: result } = await signer.sign(unsigned, options);
    return /Signature=([0-9a-f]+)/.exec(result["authorization"] ?? "")?.[1] ?? "";
  }
  const { query } = await signer.presign(unsigned, {
    ...options,
    expiresIn: claim.expiresInSeconds,
    unhoistableHeaders: new Set(Object.keys(headers)),
  });
  return String(query?.["X-Amz-Signature"] ?? "");
}

function toSmithy(request: S3Request, headers: Record<string, string>) {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(request.query.keys())) {
    const values = request.query.getAll(name);
    query[name] = values.length === 1 ? values[0] ?? "" : values;
  }
  return {
    method: request.method,
    protocol: "http:",
    hostname: "127.0.0.1",
    path: request.rawPath,
    query,
    headers,
  };
}

function isSame(expected: string, received: string): boolean {
  const [left, right] = [expected, received].map((text) => new TextEncoder().encode(text));
  return left !== undefined && right !== undefined && left.length === right.length &&
    timingSafeEqual(left, right);
}
