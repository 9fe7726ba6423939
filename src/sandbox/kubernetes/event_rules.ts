/**
 * Rules of Events, which are stored under their core names.
 *
 * Source: k8s.io/kubernetes/pkg/apis/core/validation/events.go.
 */

import type { JsonObject } from "./json.ts";
import { equalJson, stringOr } from "./json.ts";
import type { FieldError } from "./status_error.ts";
import { invalidValue, requiredValue } from "./status_error.ts";

/** What an update through events.k8s.io may not change, in the order in which it is told. */
const IMMUTABLE: readonly (readonly [stored: string, told: string])[] = [
  ["involvedObject", "involvedObject"],
  ["reason", "reason"],
  ["message", "message"],
  ["source", "source"],
  ["firstTimestamp", "firstTimestamp"],
  ["lastTimestamp", "lastTimestamp"],
  ["count", "count"],
  ["type", "type"],
  ["eventTime", "eventTime"],
  ["action", "action"],
  ["related", "related"],
  ["reportingComponent", "reportingController"],
  ["reportingInstance", "reportingInstance"],
];

/** The rules that an event with eventTime meets, in either group (stored names). */
function validateTimedEvent(object: JsonObject): FieldError[] {
  if (stringOr(object["eventTime"]) === "") return [];
  const errors = stringOr(object["reportingComponent"]) === ""
    ? [requiredValue("reportingController")]
    : [];
  for (const field of ["reportingInstance", "action", "reason"]) {
    if (stringOr(object[field]) === "") errors.push(requiredValue(field));
  }
  const note = stringOr(object["message"]);
  if (note.length > 1024) {
    errors.push(invalidValue("message", { value: "", detail: "can have at most 1024 characters" }));
  }
  return errors;
}

function immutabilityErrors(object: JsonObject, previous: JsonObject): FieldError[] {
  return IMMUTABLE.filter(([stored]) => !equalJson(object[stored], previous[stored]))
    .map(([stored, told]) =>
      invalidValue(told, { value: object[stored] ?? "", detail: "field is immutable" })
    );
}

/** Faults of an Event that came through events.k8s.io. */
export function validateEvent(
  object: JsonObject,
  previous: JsonObject | undefined,
): FieldError[] {
  if (previous !== undefined) return immutabilityErrors(object, previous);
  const errors = validateTimedEvent(object);
  if (stringOr(object["eventTime"]) === "") errors.push(requiredValue("eventTime"));
  const kind = object["type"];
  if (kind !== "Normal" && kind !== "Warning") {
    errors.push(
      invalidValue("type", { value: kind ?? "", detail: `has invalid value: ${kind ?? ""}` }),
    );
  }
  return errors;
}

/** Faults of an Event that came through the core API. */
export function validateCoreEvent(
  object: JsonObject,
  previous: JsonObject | undefined,
): FieldError[] {
  return previous === undefined ? validateTimedEvent(object) : [];
}
