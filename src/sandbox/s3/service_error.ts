/** What a service says when it refuses, S3 and IAM alike. */

/** Contents of a refusal. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Further elements of the error document. */
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A refusal that is thrown; the service turns it into the answer's status and XML document. */
export class ServiceError extends Error implements Refusal {
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor({ code, status, message, fields, headers }: Refusal) {
    super(message);
    this.name = "ServiceError";
    this.code = code;
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}

/** The refusal that an error means; an unforeseen one is an InternalError with its message. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) return error;
  return {
    status: 500,
    code: "InternalError",
    message: `Sandbox failed: ${String(error)}`,
    fields: {},
    headers: {},
  };
}
