/**
 * Refusals as `Status` objects, worded as k8s.io/apimachinery/pkg/api/errors words them.
 */

import type { JsonObject, JsonValue } from "./json.ts";

/** What a refusal is about, for `details` and the message. */
export interface Subject {
  readonly group: string;
  /** Plural of the resource; used in messages about existence and conflicts. */
  readonly plural: string;
  readonly kind: string;
}

/** One entry of `details.causes`. */
export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** A field that validation refused; `text` is the wording after the field's path. */
export interface FieldError {
  readonly reason: string;
  readonly field: string;
  readonly text: string;
}

/** A refusal; `toObject` is the answer's body. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  /** Absent where the real server sends none; it sends an empty one at times. */
  readonly details: JsonObject | undefined;

  constructor(code: number, options: { reason: string; message: string; details?: JsonObject }) {
    super(options.message);
    this.code = code;
    this.reason = options.reason;
    this.details = options.details;
  }

  /** The `Status` object. */
  toObject(): JsonObject {
    const status: JsonObject = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: this.message,
    };
    if (this.reason !== "") status["reason"] = this.reason;
    if (this.details !== undefined) status["details"] = this.details;
    status["code"] = this.code;
    return status;
  }
}

function qualified(subject: Subject): string {
  return subject.group === "" ? subject.plural : `${subject.plural}.${subject.group}`;
}

function detailsOf(subject: Subject, name: string): JsonObject {
  const details: JsonObject = { name };
  if (subject.group !== "") details["group"] = subject.group;
  details["kind"] = subject.plural;
  return details;
}

/** 404 in plain text, as the real server answers outside its built-in groups. */
export class UnservedPath extends Error {}

/** 404 for a path that no resource of a built-in group serves. */
export function unknownResource(): StatusError {
  return new StatusError(404, {
    reason: "NotFound",
    message: "the server could not find the requested resource",
    details: {},
  });
}

/** 404 for an object. */
export function notFound(subject: Subject, name: string): StatusError {
  return new StatusError(404, {
    reason: "NotFound",
    message: `${qualified(subject)} "${name}" not found`,
    details: detailsOf(subject, name),
  });
}

/** 409 for a second creation. */
export function alreadyExists(subject: Subject, name: string): StatusError {
  return new StatusError(409, {
    reason: "AlreadyExists",
    message: `${qualified(subject)} "${name}" already exists`,
    details: detailsOf(subject, name),
  });
}

/** 409 for a failed precondition or an outdated resourceVersion. */
export function conflict(
  subject: Subject,
  { name, detail }: { readonly name: string; readonly detail: string },
): StatusError {
  return new StatusError(409, {
    reason: "Conflict",
    message: `Operation cannot be fulfilled on ${qualified(subject)} "${name}": ${detail}`,
    details: detailsOf(subject, name),
  });
}

/** 409 of the optimistic lock. */
export function modified(subject: Subject, name: string): StatusError {
  return conflict(subject, {
    name,
    detail:
      "the object has been modified; please apply your changes to the latest version and try again",
  });
}

/** 403. */
export function forbidden(
  subject: Subject,
  { name, detail }: { readonly name: string; readonly detail: string },
): StatusError {
  return new StatusError(403, {
    reason: "Forbidden",
    message: `${qualified(subject)} "${name}" is forbidden: ${detail}`,
    details: detailsOf(subject, name),
  });
}

/** 400. */
export function badRequest(message: string): StatusError {
  return new StatusError(400, { reason: "BadRequest", message });
}

/** 410: the wanted resourceVersion or continue token is no longer kept. */
export function expired(message: string): StatusError {
  return new StatusError(410, { reason: "Expired", message });
}

/** 422 with one cause per field. */
export function invalid(
  subject: Subject,
  { name, errors }: { readonly name: string; readonly errors: readonly FieldError[] },
): StatusError {
  const texts = errors.map((error) => `${error.field}: ${error.text}`);
  const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const kind = subject.group === "" ? subject.kind : `${subject.kind}.${subject.group}`;
  const details: JsonObject = {};
  if (name !== "") details["name"] = name;
  if (subject.group !== "") details["group"] = subject.group;
  if (subject.kind !== "") details["kind"] = subject.kind;
  details["causes"] = errors.map((error): JsonObject => ({
    reason: error.reason,
    message: error.text,
    field: error.field,
  }));
  return new StatusError(422, {
    reason: "Invalid",
    message: `${kind} "${name}" is invalid: ${list}`,
    details,
  });
}

/** `Invalid value: …` for one field. */
export function invalidValue(
  field: string,
  { value, detail }: { readonly value: JsonValue; readonly detail: string },
): FieldError {
  const text = `Invalid value: ${JSON.stringify(value)}: ${detail}`;
  return { reason: "FieldValueInvalid", field, text };
}

/** `Required value` for one field. */
export function requiredValue(field: string, detail = ""): FieldError {
  return {
    reason: "FieldValueRequired",
    field,
    text: detail === "" ? "Required value" : `Required value: ${detail}`,
  };
}

/** `Forbidden: …` for one field. */
export function forbiddenField(field: string, detail: string): FieldError {
  return { reason: "FieldValueForbidden", field, text: `Forbidden: ${detail}` };
}
