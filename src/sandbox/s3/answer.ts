/** From a handler's answer or a refusal to the response. */
import type { FaultEffect } from "./faults.ts";
import type { S3Answer } from "./request.ts";
import type { Refusal } from "./service_error.ts";

/** An answer, or the refusal that takes its place. */
export type Result =
  | { readonly kind: "answer"; readonly answer: S3Answer }
  | { readonly kind: "refusal"; readonly refusal: Refusal };

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
  readonly requestId: string;
  /** Wall time of the service, for the Date header from which the SDK learns the clock's offset. */
  readonly now: number;
  /** Whether the connection ends after it. */
  readonly isLast: boolean;
  /** Headers that depend on what the request was about. */
  readonly headers: Readonly<Record<string, string>>;
  readonly errorDocument: (refusal: Refusal) => string;
}

/** The response to one request. */
export function toResponse(result: Result, context: AnswerContext): Response {
  const headers = new Headers({
    "x-amz-request-id": context.requestId,
    "x-amz-id-2": context.requestId,
    date: new Date(context.now).toUTCString(),
    server: "WasabiS3/sandbox",
    ...context.headers,
  });
  if (context.isLast) headers.set("connection", "close");
  const { status, body, extra } = result.kind === "answer"
    ? {
      status: result.answer.status ?? 200,
      body: result.answer.body,
      extra: result.answer.headers,
    }
    : {
      status: result.refusal.status,
      body: context.errorDocument(result.refusal),
      extra: result.refusal.headers,
    };
  if (typeof body === "string") headers.set("content-type", "application/xml");
  for (const [name, value] of Object.entries(extra ?? {})) headers.set(name, value);
  const hasBody = body !== undefined && context.method !== "HEAD" && status !== 204;
  return new Response(hasBody ? body : null, { status, headers });
}
