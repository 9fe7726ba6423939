/** A request as the handlers see it, and the answer they give. */
import { concatBytes } from "./bytes.ts";
import { S3Error } from "./error.ts";

/** Largest body that is read; objects of this service are for tests, not for storage. */
const MAX_BODY_BYTES = 64 * 1_024 * 1_024;

/** What a request is about: the service, a bucket, or an object. */
export type Level = "service" | "bucket" | "object";

/** The address of a request. */
export interface S3Address {
  readonly method: string;
  /** As it was sent, still percent-encoded: the signature covers this form. */
  readonly rawPath: string;
  readonly level: Level;
  readonly bucket?: string;
  readonly key?: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

/** A whole request. */
export interface S3Request extends S3Address {
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What a handler answers; the server adds the headers that every answer has. */
export interface S3Answer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An XML document, or an object's bytes. */
  readonly body?: string | Uint8Array<ArrayBuffer>;
}

/** Reads the address of a request in path style. */
export function parseAddress(request: Request): S3Address {
  const url = new URL(request.url);
  const common = {
    method: request.method,
    rawPath: url.pathname,
    query: url.searchParams,
    headers: request.headers,
  };
  const [, bucket = "", ...rest] = url.pathname.split("/");
  if (bucket === "") return { ...common, level: "service" };
  const key = rest.join("/");
  if (key === "") return { ...common, level: "bucket", bucket: decode(bucket) };
  return { ...common, level: "object", bucket: decode(bucket), key: decode(key) };
}

/**
 * Reads the body, up to the bound.
 *
 * @throws {S3Error} EntityTooLarge
 */
export async function readBody(request: Request): Promise<Uint8Array<ArrayBuffer>> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new S3Error("EntityTooLarge");
    chunks.push(chunk);
  }
  return concatBytes(chunks);
}

/**
 * A whole number of the query, such as max-keys.
 *
 * @throws {S3Error} InvalidArgument
 */
export function numberOf(
  request: S3Address,
  name: string,
  { fallback }: { readonly fallback: number },
): number {
  const text = request.query.get(name);
  if (text === null || text === "") return fallback;
  if (!/^\d{1,9}$/.test(text)) {
    throw new S3Error("InvalidArgument", { fields: { ArgumentName: name, ArgumentValue: text } });
  }
  return Number(text);
}

/** Text that is not valid UTF-8 stays as it is: it names nothing, and is refused as such. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
