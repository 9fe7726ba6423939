/** From a handler's answer or a refusal to the response. */
import { S3Error } from "./error.ts";
import type { FaultEffect } from "./faults.ts";
import type { S3Answer } from "./request.ts";
import { buildXml } from "./xml.ts";

/** What the answer to a refused request says. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer, or the refusal that takes its place. */
export type Result =
  | { readonly kind: "answer"; readonly answer: S3Answer }
  | { readonly kind: "refusal"; readonly refusal: Refusal };

/** The refusal that an error means; an unforeseen one is an InternalError with its message. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof S3Error) return error;
  return new S3Error("InternalError", { message: `Sandbox failed: ${String(error)}` });
}

/** The refusal that a fault orders. */
export function orderedRefusal(effect: FaultEffect & { readonly kind: "error" }): Refusal {
  return {
    status: effect.status,
    code: effect.code,
    message: effect.message ?? `Injected ${effect.code}`,
    fields: {
      ...(effect.region !== undefined && { Region: effect.region }),
      ...(effect.endpoint !== undefined && { Endpoint: effect.endpoint }),
    },
    headers: effect.headers ?? {},
  };
}

/** What the whole service adds to an answer. */
export interface AnswerContext {
  readonly method: string;
  readonly path: string;
  readonly requestId: string;
  /** Wall time of the service, for the Date header from which the SDK learns the clock's offset. */
  readonly now: number;
  /** Whether the connection ends after it. */
  readonly isLast: boolean;
  readonly bucketRegion: string | undefined;
}

/** The response to one request. */
export function toResponse(result: Result, context: AnswerContext): Response {
  const headers = new Headers({
    "x-amz-request-id": context.requestId,
    "x-amz-id-2": context.requestId,
    date: new Date(context.now).toUTCString(),
    server: "WasabiS3/sandbox",
  });
  if (context.isLast) headers.set("connection", "close");
  if (context.bucketRegion !== undefined) headers.set("x-amz-bucket-region", context.bucketRegion);
  const { status, body, extra } = result.kind === "answer"
    ? {
      status: result.answer.status ?? 200,
      body: result.answer.body,
      extra: result.answer.headers,
    }
    : {
      status: result.refusal.status,
      body: errorDocument(result.refusal, context),
      extra: result.refusal.headers,
    };
  if (typeof body === "string") headers.set("content-type", "application/xml");
  for (const [name, value] of Object.entries(extra ?? {})) headers.set(name, value);
  const hasBody = body !== undefined && context.method !== "HEAD" && status !== 204;
  return new Response(hasBody ? body : null, { status, headers });
}

function errorDocument(refusal: Refusal, { path, requestId }: AnswerContext): string {
  return buildXml("Error", {
    Code: refusal.code,
    Message: refusal.message,
    ...refusal.fields,
    Resource: path,
    RequestId: requestId,
    HostId: requestId,
  });
}
