/** S3's documents, in both directions. */
import { XMLBuilder, XMLParser } from "fast-xml-parser";

import { S3Error } from "./error.ts";

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

const builder = new XMLBuilder({ ignoreAttributes: false, suppressEmptyNode: true });
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
});

/** A value of a document: an element's text, its children, or the same element repeated. */
export type XmlValue =
  | string
  | number
  | boolean
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** The document `root` with the given children; an undefined child is left out. */
export function buildXml(root: string, children: Readonly<Record<string, XmlValue>>): string {
  return buildDocument(root, root === "Error" ? children : { "@_xmlns": NAMESPACE, ...children });
}

/** The same without S3's namespace. */
export function buildDocument(root: string, children: Readonly<Record<string, XmlValue>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: prune(children) })}`;
}

/**
 * The children of a request's root element.
 *
 * @throws {S3Error} MalformedXML, for another root element too.
 */
export function parseXml(body: Uint8Array, root: string): XmlElement {
  let document: unknown;
  try {
    document = parser.parse(new TextDecoder("utf-8", { fatal: true }).decode(body), true);
  } catch {
    throw new S3Error("MalformedXML");
  }
  if (!isRecord(document) || !(root in document)) throw new S3Error("MalformedXML");
  const element = document[root];
  return new XmlElement(isRecord(element) ? element : {});
}

/** One element of a request, read by name. */
export class XmlElement {
  readonly #children: Readonly<Record<string, unknown>>;

  constructor(children: Readonly<Record<string, unknown>>) {
    this.#children = children;
  }

  /** Names of the child elements. */
  get names(): readonly string[] {
    return Object.keys(this.#children).filter((name) => !/^(#text|\?xml)$/.test(name));
  }

  /** Text of the only child of that name. */
  text(name: string): string | undefined {
    const child = this.#children[name];
    if (child === undefined) return undefined;
    if (typeof child !== "string") throw new S3Error("MalformedXML");
    return child;
  }

  /** Texts of every child of that name. */
  texts(name: string): readonly string[] {
    const child = this.#children[name];
    const list: readonly unknown[] = Array.isArray(child) ? child : [child];
    if (child === undefined) return [];
    return list.map((item) => {
      if (typeof item !== "string") throw new S3Error("MalformedXML");
      return item;
    });
  }

  /** Every child of that name. */
  elements(name: string): readonly XmlElement[] {
    const child = this.#children[name];
    if (child === undefined) return [];
    const list: readonly unknown[] = Array.isArray(child) ? child : [child];
    return list.map((item) => new XmlElement(isRecord(item) ? item : {}));
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function prune(value: XmlValue): XmlValue {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, child]) => child !== undefined);
  return Object.fromEntries(kept.map(([name, child]) => [name, prune(child)]));
}
