/** Tables of what a document may contain; what is in no table is refused. */
import { S3Error } from "./error.ts";
import type { XmlElement, XmlValue } from "./xml.ts";

/** Children of an element by name, in the order in which they are written. */
export interface Shape {
  readonly [name: string]: Field;
}

/** One kind of child: its text's pattern or its own children, and how often it occurs. */
export interface Field {
  readonly content: RegExp | Shape;
  readonly min: number;
  readonly max: number;
}

/** What was read: texts, children, and lists of them where the shape allows several. */
export interface XmlTree {
  readonly [name: string]: XmlValue;
}

/** Any text. */
export const TEXT = /^[^]*$/;
/** A whole number, zero and negative ones too: what they mean is told by another error. */
export const NUMBER = /^-?\d{1,15}$/;

/** Exactly one. */
export function one(content: Field["content"]): Field {
  return { content, min: 1, max: 1 };
}

/** One or none. */
export function maybe(content: Field["content"]): Field {
  return { content, min: 0, max: 1 };
}

/** A list. */
export function many(
  content: Field["content"],
  { min = 0, max = 1_000 }: { readonly min?: number; readonly max?: number } = {},
): Field {
  return { content, min, max: Math.max(max, 2) };
}

/** @throws {S3Error} MalformedXML where the element is of another shape. */
export function readShape(element: XmlElement, shape: Shape): XmlTree {
  const unknown = element.names.find((name) => shape[name] === undefined);
  if (unknown !== undefined) throw malformed(unknown);
  const tree: Record<string, XmlValue> = {};
  for (const [name, { content, min, max }] of Object.entries(shape)) {
    const values = content instanceof RegExp
      ? element.texts(name).map((text) => content.test(text) ? text : fail(name))
      : element.elements(name).map((child) => readShape(child, content));
    if (values.length < min || values.length > max) throw malformed(name);
    const value = max === 1 ? values[0] : values;
    if (values.length > 0 && value !== undefined) tree[name] = value;
  }
  return tree;
}

/** Children of a tree that are lists of elements. */
export function treesIn(tree: XmlTree, name: string): readonly XmlTree[] {
  const value = tree[name];
  const list: readonly unknown[] = Array.isArray(value)
    ? value
    : value === undefined
    ? []
    : [value];
  return list.filter((item): item is XmlTree => typeof item === "object" && item !== null);
}

/** The child of a tree that is an element. */
export function treeIn(tree: XmlTree, name: string): XmlTree | undefined {
  return treesIn(tree, name)[0];
}

/** Texts of a tree. */
export function textsIn(tree: XmlTree, name: string): readonly string[] {
  const value = tree[name];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((item) => typeof item === "string");
}

function fail(name: string): never {
  throw malformed(name);
}

function malformed(name: string): S3Error {
  return new S3Error("MalformedXML", {
    message: `The XML you provided did not validate against our published schema: element ${name}`,
  });
}
