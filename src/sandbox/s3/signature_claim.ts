/** What a request says about its own signature. */
import { S3Error, type S3ErrorCode } from "./error.ts";
import type { S3Address } from "./request.ts";

const ALGORITHM = "AWS4-HMAC-SHA256";
const LONGEST_EXPIRY_SECONDS = 7 * 24 * 60 * 60;

interface ClaimFields {
  readonly accessKeyId: string;
  /** YYYYMMDD of the credential's scope. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** YYYYMMDDTHHMMSSZ as it was sent. */
  readonly longDate: string;
  /** The same in milliseconds since 1970. */
  readonly signedAt: number;
  readonly sessionToken: string | undefined;
}

/** A signature in the Authorization header, or one in the query of a presigned URL. */
export type SignatureClaim =
  | (ClaimFields & { readonly kind: "header" })
  | (ClaimFields & { readonly kind: "query"; readonly expiresInSeconds: number });

/** Whether a request says who sent it. */
export function isSigned({ query, headers }: S3Address): boolean {
  return query.has("X-Amz-Algorithm") || headers.has("authorization");
}

/**
 * Reads the claim of a request.
 *
 * @throws {S3Error} AccessDenied where there is none, or the malformed-header code of its form.
 */
export function claimOf(request: S3Address): SignatureClaim {
  if (request.query.has("X-Amz-Algorithm")) return queryClaim(request.query);
  const authorization = request.headers.get("authorization");
  if (authorization === null) throw new S3Error("AccessDenied");
  return headerClaim(authorization, request.headers);
}

function headerClaim(authorization: string, headers: Headers): SignatureClaim {
  const code = "AuthorizationHeaderMalformed";
  const match =
    /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/
      .exec(authorization.trim());
  if (match === null) throw new S3Error(code);
  const [, credential = "", signedHeaders = "", signature = ""] = match;
  const longDate = headers.get("x-amz-date");
  if (longDate === null) {
    throw new S3Error("AccessDenied", {
      message: "AWS authentication requires a valid Date or x-amz-date header",
    });
  }
  return {
    kind: "header",
    ...scopeOf(credential, code),
    signedHeaders: signedHeaders.split(";"),
    signature,
    longDate,
    signedAt: timeOf(longDate, "AccessDenied"),
    sessionToken: headers.get("x-amz-security-token") ?? undefined,
  };
}

function queryClaim(query: URLSearchParams): SignatureClaim {
  const code = "AuthorizationQueryParametersError";
  const longDate = query.get("X-Amz-Date") ?? "";
  const expiresInSeconds = Number(query.get("X-Amz-Expires") ?? "NaN");
  const isExpiryValid = Number.isInteger(expiresInSeconds) && expiresInSeconds > 0 &&
    expiresInSeconds <= LONGEST_EXPIRY_SECONDS;
  if (query.get("X-Amz-Algorithm") !== ALGORITHM || !isExpiryValid) throw new S3Error(code);
  return {
    kind: "query",
    ...scopeOf(query.get("X-Amz-Credential") ?? "", code),
    signedHeaders: (query.get("X-Amz-SignedHeaders") ?? "").split(";"),
    signature: query.get("X-Amz-Signature") ?? "",
    longDate,
    signedAt: timeOf(longDate, code),
    sessionToken: query.get("X-Amz-Security-Token") ?? undefined,
    expiresInSeconds,
  };
}

function scopeOf(
  credential: string,
  code: S3ErrorCode,
): Pick<ClaimFields, "accessKeyId" | "date" | "region" | "service"> {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  const isComplete = accessKeyId !== undefined && date !== undefined && region !== undefined &&
    service !== undefined && terminator === "aws4_request" && rest.length === 0;
  if (!isComplete) throw new S3Error(code);
  return { accessKeyId, date, region, service };
}

function timeOf(longDate: string, code: S3ErrorCode): number {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(longDate);
  if (match === null) throw new S3Error(code);
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
