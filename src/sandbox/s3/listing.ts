/** The rules that all listings share: order, prefix, grouping by delimiter, pages. */
import type { S3Request } from "./request.ts";
import { numberOf } from "./request.ts";

/** No page is longer, whatever was asked for. */
const MAX_PAGE = 1_000;

/** One line of a listing. */
export interface Entry<T> {
  readonly key: string;
  /** Tells entries of one key apart, in the order of the listing. */
  readonly id: string;
  readonly value: T;
}

/** Where a page begins: after this entry, or after all of this key's entries without an id. */
export interface Marker {
  readonly key: string;
  readonly id?: string;
}

/** One page. */
export interface Page<T> {
  readonly entries: readonly Entry<T>[];
  readonly prefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last entry or group of a truncated page. */
  readonly next: Marker | undefined;
  readonly prefix: string;
  readonly delimiter: string | undefined;
  readonly max: number;
  /** Encodes a key as the request asked for. */
  readonly encode: (key: string) => string;
  readonly encodingType: string | undefined;
}

/** Sorts by key, in the order of UTF-8 bytes that S3 promises. */
export function byKey(left: { readonly key: string }, right: { readonly key: string }): number {
  const length = Math.min(left.key.length, right.key.length);
  for (let index = 0; index < length; index++) {
    const [a, b] = [left.key.charCodeAt(index), right.key.charCodeAt(index)];
    if (a !== b) return utf8Rank(a) - utf8Rank(b);
  }
  return left.key.length - right.key.length;
}

/** UTF-16 puts surrogates before U+E000 to U+FFFF, UTF-8 puts what they stand for after. */
function utf8Rank(codeUnit: number): number {
  if (codeUnit >= 0xe000) return codeUnit - 0x800;
  return codeUnit >= 0xd800 ? codeUnit + 0x2000 : codeUnit;
}

/** Options of {@link paginate}. */
export interface PaginateOptions {
  readonly marker: Marker | undefined;
  /** Name of the parameter with the page's length. */
  readonly maxParameter: string;
  /**
   * Whether an entry of the marker's key comes after the marker's id, asked where the entry that
   * the marker names is gone: who empties a bucket deletes each page before asking for the next.
   */
  readonly isAfter?: (id: string, markerId: string) => boolean;
}

/** The page of `entries`, which are in order, that a request asks for. */
export function paginate<T>(
  request: S3Request,
  entries: readonly Entry<T>[],
  { marker, maxParameter, isAfter = () => false }: PaginateOptions,
): Page<T> {
  const prefix = request.query.get("prefix") ?? "";
  const delimiter = request.query.get("delimiter") || undefined;
  const max = Math.min(numberOf(request, maxParameter, { fallback: MAX_PAGE }), MAX_PAGE);
  const chosen: Entry<T>[] = [];
  const prefixes: string[] = [];
  let next: Marker | undefined;
  let isTruncated = false;
  for (const entry of remaining(entries, { marker, isAfter })) {
    if (!entry.key.startsWith(prefix)) continue;
    const group = groupOf(entry.key, { prefix, delimiter });
    if (group !== undefined && (group === prefixes.at(-1) || group === marker?.key)) continue;
    if (chosen.length + prefixes.length >= max) {
      isTruncated = max > 0;
      break;
    }
    if (group === undefined) chosen.push(entry);
    else prefixes.push(group);
    next = group === undefined ? { key: entry.key, id: entry.id } : { key: group };
  }
  const encodingType = request.query.get("encoding-type") ?? undefined;
  return {
    entries: chosen,
    prefixes,
    isTruncated,
    next: isTruncated ? next : undefined,
    prefix,
    delimiter,
    max,
    encode: (key) => encodingType === "url" ? encodeURIComponent(key).replace(/%2F/g, "/") : key,
    encodingType,
  };
}

function remaining<T>(
  entries: readonly Entry<T>[],
  { marker, isAfter }: Required<Pick<PaginateOptions, "marker" | "isAfter">>,
): readonly Entry<T>[] {
  if (marker === undefined) return entries;
  const { id: markerId } = marker;
  if (markerId === undefined) return entries.filter((entry) => byKey(entry, marker) > 0);
  const index = entries.findIndex(({ key, id }) => key === marker.key && id === markerId);
  if (index >= 0) return entries.slice(index + 1);
  return entries.filter((entry) => {
    const order = byKey(entry, marker);
    return order > 0 || (order === 0 && isAfter(entry.id, markerId));
  });
}

function groupOf(
  key: string,
  { prefix, delimiter }: { readonly prefix: string; readonly delimiter: string | undefined },
): string | undefined {
  if (delimiter === undefined) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}
