/**
 * Events are stored once, in the core/v1 shape, and served in two groups under two sets of names.
 *
 * Source of the pairs: k8s.io/kubernetes/pkg/apis/events/v1/conversion.go.
 */

import type { JsonObject } from "./json.ts";

/** events.k8s.io name to core name. */
const NAMES: Readonly<Record<string, string>> = {
  regarding: "involvedObject",
  note: "message",
  reportingController: "reportingComponent",
  deprecatedSource: "source",
  deprecatedFirstTimestamp: "firstTimestamp",
  deprecatedLastTimestamp: "lastTimestamp",
  deprecatedCount: "count",
};

const REVERSED: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(NAMES).map(([left, right]) => [right, left]),
);

function rename(object: JsonObject, names: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [names[key] ?? key, value]),
  );
}

/** An events.k8s.io/v1 Event in the stored shape. */
export function eventToStorage(event: JsonObject): JsonObject {
  return { ...rename(event, NAMES), apiVersion: "v1" };
}

/** A stored event as events.k8s.io/v1. */
export function eventFromStorage(event: JsonObject): JsonObject {
  return { ...rename(event, REVERSED), apiVersion: "events.k8s.io/v1" };
}
