import { assertEquals, assertThrows } from "@std/assert";
import { decodeFields, encodeFields } from "../../../../src/sandbox/kubernetes/field_set.ts";
import { selectPath } from "../../../../src/sandbox/kubernetes/json_path.ts";
import { mergePatch, strategicMergePatch } from "../../../../src/sandbox/kubernetes/merge_patch.ts";
import { decodeProtobuf } from "../../../../src/sandbox/kubernetes/protobuf.ts";
import { celValue, compileRule } from "../../../../src/sandbox/kubernetes/rule_program.ts";
import { humanDuration } from "../../../../src/sandbox/kubernetes/table.ts";

Deno.test("ages have at most two units", () => {
  const shown: [number, string][] = [
    [0, "0s"],
    [119, "119s"],
    [125, "2m5s"],
    [600, "10m"],
    [3 * 3600 + 60, "3h1m"],
    [9 * 3600, "9h"],
    [49 * 3600, "2d1h"],
    [9 * 86_400, "9d"],
    [2 * 365 * 86_400, "2y"],
    [-5, "<invalid>"],
  ];
  for (const [seconds, text] of shown) assertEquals(humanDuration(seconds), text);
});

Deno.test("printer column paths select fields, indexes and filtered items", () => {
  const object = {
    a: { "b.c": [{ type: "Ready", status: "True" }, { type: "Other", status: "False" }] },
  };
  const selected: [string, unknown[]][] = [
    [".a.b\\.c[1].status", ["False"]],
    ['.a["b.c"][?(@.type=="Ready")].status', ["True"]],
    [".a['b.c'][*].type", ["Ready", "Other"]],
    [".a.absent", []],
  ];
  for (const [path, values] of selected) assertEquals(selectPath(object, path), values, path);
});

Deno.test("a merge patch removes by null and replaces lists", () => {
  const target = { a: { b: 1, c: 2 }, list: [1, 2] };
  const result = mergePatch(target, { a: { b: null, d: { e: 1 } }, list: [3] });
  assertEquals(result, { a: { c: 2, d: { e: 1 } }, list: [3] });
  assertEquals(target, { a: { b: 1, c: 2 }, list: [1, 2] });
});

Deno.test("a strategic merge patch adds finalizers and merges owners by uid", () => {
  const target = { finalizers: ["a"], ownerReferences: [{ uid: "1", name: "x" }] };
  const patch = {
    finalizers: ["b"],
    ownerReferences: [{ uid: "1", name: "y" }, { uid: "2", name: "z" }],
    "$setElementOrder/finalizers": ["a", "b"],
  };
  assertEquals(strategicMergePatch(target, patch), {
    finalizers: ["a", "b"],
    ownerReferences: [{ uid: "1", name: "y" }, { uid: "2", name: "z" }],
  });
  const removal = { "$deleteFromPrimitiveList/finalizers": ["a"] };
  assertEquals(strategicMergePatch({ finalizers: ["a", "b"] }, removal), { finalizers: ["b"] });
});

Deno.test("field sets survive their wire form", () => {
  const fields = {
    "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
    "f:spec": { 'k:{"id":"1"}': { ".": {}, "f:id": {} }, 'v:"x"': {} },
  };
  assertEquals(encodeFields(decodeFields(fields)), fields);
});

Deno.test("rules see integers, times and escaped names", () => {
  const schema = {
    properties: {
      "some-name": { type: "integer" },
      when: { type: "string", format: "date-time" },
      tags: { additionalProperties: { type: "string" } },
    },
  };
  const value = { "some-name": 5, when: "2026-01-01T00:00:00Z", tags: { "a-b": "x" } };
  const self = celValue(value, schema);
  const holding = [
    "self.some__dash__name == 5",
    "self.some__dash__name > 4 && self.some__dash__name + 1 == 6",
    "self.when > timestamp('2025-01-01T00:00:00Z')",
    "self.tags.all(key, key.startsWith('a') && size(self.tags[key]) == 1)",
    "!has(self.absent)",
    "self.tags['a-b'].matches('^x$')",
  ];
  for (const rule of holding) {
    assertEquals(compileRule({ rule }).run(self, undefined), undefined, rule);
  }
  const failing = compileRule({ rule: "self.some__dash__name == 6", message: "must be 6" });
  assertEquals(failing.run(self, undefined), "must be 6");
  assertThrows(() => compileRule({ rule: "nonsense(" }));
});

Deno.test("a Secret in protobuf is read", () => {
  function field(number: number, bytes: readonly number[]): number[] {
    return [number * 8 + 2, bytes.length, ...bytes];
  }
  function text(value: string): number[] {
    return [...new TextEncoder().encode(value)];
  }
  const typeMeta = [...field(1, text("v1")), ...field(2, text("Secret"))];
  const entry = [...field(1, text("key")), ...field(2, [0, 255])];
  const secret = [...field(1, field(1, text("name"))), ...field(2, entry)];
  const message = [...text("k8s\0"), ...field(1, typeMeta), ...field(2, secret)];
  assertEquals(decodeProtobuf(new Uint8Array(message)), {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "name" },
    data: { key: "AP8=" },
  });
  assertThrows(() => decodeProtobuf(new Uint8Array([1, 2, 3, 4])));
});
