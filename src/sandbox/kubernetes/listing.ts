/**
 * LIST: selectors, pages and the rules of resourceVersion
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#the-resourceversion-parameter).
 */

import type { JsonObject } from "./json.ts";
import { isObject } from "./json.ts";
import type { ResourceType } from "./resource_type.ts";
import { selectorOf } from "./selectors.ts";
import type { Store } from "./store.ts";
import { badRequest, expired, forbiddenField, invalid, StatusError } from "./status_error.ts";

/** Subject of refusals of query parameters. */
export const LIST_OPTIONS = { group: "meta.k8s.io", plural: "", kind: "ListOptions" };

/** The objects of one page, as stored, and the list's metadata. */
export interface Page {
  readonly objects: readonly JsonObject[];
  readonly metadata: JsonObject;
}

interface ContinueToken {
  readonly rv: number;
  /** Key of the last object of the page before. */
  readonly after: string;
}

/**
 * Reads a resourceVersion parameter.
 *
 * @returns undefined when it is absent.
 * @throws StatusError for anything but decimal digits without leading zeros.
 */
export function parseVersion(
  query: URLSearchParams,
  refuse: (detail: string) => StatusError = (detail) =>
    badRequest(`invalid resource version: ${detail}`),
): number | undefined {
  const text = query.get("resourceVersion") ?? "";
  if (text === "") return undefined;
  if (!/^(0|[1-9]\d*)$/.test(text)) {
    const detail = `strconv.ParseUint: parsing "${text}": invalid syntax`;
    throw refuse(`resourceVersion: Invalid value: "${text}": ${detail}`);
  }
  return Number(text);
}

/** 504 for a resourceVersion from the future. */
function tooLargeVersion(wanted: number, current: number): StatusError {
  return new StatusError(504, {
    reason: "Timeout",
    message: `Timeout: Too large resource version: ${wanted}, current: ${current}`,
    details: {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 1,
    },
  });
}

function encodeToken(token: ContinueToken): string {
  return btoa(encodeURIComponent(JSON.stringify(token)));
}

function decodeToken(text: string): ContinueToken {
  try {
    const token: unknown = JSON.parse(decodeURIComponent(atob(text)));
    if (isObject(token) && typeof token["rv"] === "number" && typeof token["after"] === "string") {
      return { rv: token["rv"], after: token["after"] };
    }
  } catch {
    // Answered below, like any other text that is no token.
  }
  throw badRequest(
    "invalid continue token: continue key is not valid: it was not made by this server",
  );
}

function checkMatch(query: URLSearchParams, rv: number | undefined): void {
  const match = query.get("resourceVersionMatch") ?? "";
  if (match === "") return;
  const field = "resourceVersionMatch";
  if (query.get("continue")) {
    throw invalid(LIST_OPTIONS, {
      name: "",
      errors: [
        forbiddenField(field, `${field} is forbidden when continue is provided`),
      ],
    });
  }
  if (rv === undefined) {
    throw invalid(LIST_OPTIONS, {
      name: "",
      errors: [
        forbiddenField(field, `${field} is forbidden unless resourceVersion is provided`),
      ],
    });
  }
  if (match === "Exact" && rv === 0) {
    throw invalid(LIST_OPTIONS, {
      name: "",
      errors: [
        forbiddenField(field, `${field} "Exact" is forbidden for resourceVersion "0"`),
      ],
    });
  }
}

function startOf(
  store: Store,
  query: URLSearchParams,
): { rv: number; after: string; exact: boolean } {
  const rv = parseVersion(query);
  checkMatch(query, rv);
  const continued = query.get("continue") ?? "";
  if (continued !== "") return { ...decodeToken(continued), exact: true };
  if (rv !== undefined && rv > store.rv) throw tooLargeVersion(rv, store.rv);
  const exact = query.get("resourceVersionMatch") === "Exact" && rv !== undefined;
  return { rv: exact ? rv : store.rv, after: "", exact };
}

/**
 * One page of a collection, at one resourceVersion for all pages.
 *
 * @throws StatusError 400, 410 or 504.
 */
export function listPage(
  store: Store,
  type: ResourceType,
  { namespace, query }: { readonly namespace: string; readonly query: URLSearchParams },
): Page {
  const selected = selectorOf(type, { namespace, query });
  const { rv, after, exact } = startOf(store, query);
  const entries = exact ? store.listAt(type.storage, rv) : store.list(type.storage);
  if (entries === undefined) {
    throw expired(
      after === ""
        ? `The resourceVersion for the provided list is too old.`
        : "The provided continue parameter is too old to display a consistent list result. You " +
          "must start a new list without the continue parameter.",
    );
  }
  const matching = entries.filter(([key, object]) => key > after && selected(object));
  const metadata: JsonObject = { resourceVersion: String(rv) };
  // Pages are not served from the watch cache: with resourceVersion=0 the limit is ignored.
  const limit = query.get("resourceVersion") === "0" ? 0 : Number(query.get("limit") ?? 0);
  if (limit <= 0 || matching.length <= limit) {
    return { objects: matching.map(([, object]) => object), metadata };
  }
  const page = matching.slice(0, limit);
  metadata["continue"] = encodeToken({ rv, after: page.at(-1)?.[0] ?? "" });
  const isFiltered = (query.get("labelSelector") ?? query.get("fieldSelector") ?? "") !== "";
  if (!isFiltered) metadata["remainingItemCount"] = matching.length - limit;
  return { objects: page.map(([, object]) => object), metadata };
}
