/**
 * Reads the protobuf bodies of the few built-in kinds that `kubectl create` sends in that form.
 *
 * Source of the field numbers: k8s.io/api/core/v1/generated.proto and
 * k8s.io/apimachinery/pkg/{runtime,apis/meta/v1}/generated.proto. Answers are always JSON.
 */

import type { JsonObject, JsonValue } from "./json.ts";

/** How the value of a field is read. */
type FieldKind = "text" | "bytes" | "integer" | "flag" | "time" | MessageFields;

interface MessageField {
  readonly name: string;
  readonly kind: FieldKind;
  /** Lists collect values; maps collect entries of key and value. */
  readonly collect?: "list" | "map";
}

/** Field number to field. */
interface MessageFields {
  readonly [number: number]: MessageField;
}

function one(name: string, kind: FieldKind = "text"): MessageField {
  return { name, kind };
}

function mapOf(name: string, kind: FieldKind = "text"): MessageField {
  return { name, kind, collect: "map" };
}

function listOf(name: string, kind: FieldKind = "text"): MessageField {
  return { name, kind, collect: "list" };
}

const OWNER_REFERENCE: MessageFields = {
  1: one("kind"),
  3: one("name"),
  4: one("uid"),
  5: one("apiVersion"),
  6: one("controller", "flag"),
  7: one("blockOwnerDeletion", "flag"),
};

const OBJECT_META: MessageFields = {
  1: one("name"),
  2: one("generateName"),
  3: one("namespace"),
  5: one("uid"),
  6: one("resourceVersion"),
  11: mapOf("labels"),
  12: mapOf("annotations"),
  13: listOf("ownerReferences", OWNER_REFERENCE),
  14: listOf("finalizers"),
};

const METADATA = one("metadata", OBJECT_META);

const LEASE_SPEC: MessageFields = {
  1: one("holderIdentity"),
  2: one("leaseDurationSeconds", "integer"),
  3: one("acquireTime", "time"),
  4: one("renewTime", "time"),
  5: one("leaseTransitions", "integer"),
};

const KINDS: Readonly<Record<string, MessageFields>> = {
  Namespace: { 1: METADATA },
  Secret: {
    1: METADATA,
    2: mapOf("data", "bytes"),
    3: one("type"),
    4: mapOf("stringData"),
    5: one("immutable", "flag"),
  },
  ConfigMap: {
    1: METADATA,
    2: mapOf("data"),
    3: mapOf("binaryData", "bytes"),
    4: one("immutable", "flag"),
  },
  Lease: { 1: METADATA, 2: one("spec", LEASE_SPEC) },
};

const TYPE_META: MessageFields = { 1: one("apiVersion"), 2: one("kind") };

interface RawField {
  readonly number: number;
  readonly integer: number;
  readonly bytes: Uint8Array;
}

function* rawFields(message: Uint8Array): Generator<RawField> {
  let at = 0;
  function varint(): number {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error("Cannot read protobuf: the message is cut off");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) yield { number, integer: varint(), bytes: new Uint8Array() };
    else if (tag % 8 === 2) {
      const length = varint();
      yield { number, integer: 0, bytes: message.subarray(at, at + length) };
      at += length;
    } else throw new Error(`Cannot read protobuf: wire type ${tag % 8} is not supported`);
  }
}

function readTime(bytes: Uint8Array): string {
  const fields = [...rawFields(bytes)];
  const seconds = fields.find((field) => field.number === 1)?.integer ?? 0;
  const nanos = fields.find((field) => field.number === 2)?.integer ?? 0;
  const micros = String(Math.floor(nanos / 1000)).padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${micros}Z`;
}

function readValue(raw: RawField, kind: FieldKind): JsonValue {
  if (typeof kind === "object") return readMessage(raw.bytes, kind);
  switch (kind) {
    case "text":
      return new TextDecoder().decode(raw.bytes);
    case "bytes":
      return btoa(String.fromCharCode(...raw.bytes));
    case "integer":
      return raw.integer;
    case "flag":
      return raw.integer !== 0;
    case "time":
      return readTime(raw.bytes);
  }
}

function readMessage(message: Uint8Array, fields: MessageFields): JsonObject {
  const result: JsonObject = {};
  for (const raw of rawFields(message)) {
    const field = fields[raw.number];
    if (field === undefined) continue;
    const known = result[field.name];
    if (field.collect === "map") {
      const entry = readMessage(raw.bytes, { 1: one("key"), 2: one("value", field.kind) });
      const { key = "", value = "" } = entry;
      result[field.name] = { ...known as JsonObject | undefined, [String(key)]: value };
    } else if (field.collect === "list") {
      result[field.name] = [
        ...(known as JsonValue[] | undefined) ?? [],
        readValue(raw, field.kind),
      ];
    } else {
      const value = readValue(raw, field.kind);
      // proto3 writes empty strings that JSON leaves out.
      if (value !== "") result[field.name] = value;
    }
  }
  return result;
}

/**
 * Reads an object from `application/vnd.kubernetes.protobuf`.
 *
 * @returns undefined when the kind is not one of those that kubectl sends this way.
 * @throws Error when the bytes are no such message.
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject | undefined {
  const magic = [0x6b, 0x38, 0x73, 0x00];
  if (!magic.every((byte, index) => bytes[index] === byte)) {
    throw new Error("Cannot read protobuf: the prefix is missing");
  }
  const envelope = [...rawFields(bytes.subarray(magic.length))];
  const typeMeta = envelope.find((field) => field.number === 1)?.bytes ?? new Uint8Array();
  const raw = envelope.find((field) => field.number === 2)?.bytes ?? new Uint8Array();
  const { apiVersion = "", kind = "" } = readMessage(typeMeta, TYPE_META);
  const fields = KINDS[String(kind)];
  return fields === undefined ? undefined : { apiVersion, kind, ...readMessage(raw, fields) };
}
