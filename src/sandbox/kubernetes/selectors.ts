/** Label and field selectors, as query parameters write them. */

import type { JsonObject } from "./json.ts";
import { objectOr, valueAt } from "./json.ts";
import { namespaceOf } from "./object_meta.ts";
import type { ResourceType } from "./resource_type.ts";
import { present } from "./resource_type.ts";
import { badRequest } from "./status_error.ts";

/** Answers whether a stored object is selected. */
export type Selector = (object: JsonObject) => boolean;

type LabelTest = (labels: JsonObject) => boolean;

function setTest(key: string, operator: string, values: readonly string[]): LabelTest {
  return operator === "in"
    ? (labels) => key in labels && values.includes(String(labels[key]))
    : (labels) => !(key in labels) || !values.includes(String(labels[key]));
}

function labelTest(term: string): LabelTest {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const values = (set[3] ?? "").split(",").map((value) => value.trim());
    return setTest(set[1] ?? "", set[2] ?? "in", values);
  }
  const comparison = /^([^!=\s]+)\s*(==|=|!=)\s*(\S*)$/.exec(term);
  if (comparison !== null) {
    const [, key = "", operator, value = ""] = comparison;
    return setTest(key, operator === "!=" ? "notin" : "in", [value]);
  }
  const existence = /^(!?)\s*([A-Za-z0-9][\w./-]*)$/.exec(term);
  if (existence === null) throw badRequest(`unable to parse requirement: ${term}`);
  const [, negation, key = ""] = existence;
  return negation === "!" ? (labels) => !(key in labels) : (labels) => key in labels;
}

/**
 * Parses `a=b,c in (d,e),!f`.
 *
 * @throws StatusError 400 for text outside the grammar.
 */
function parseLabelSelector(text: string): Selector {
  const terms = text.split(/,(?![^(]*\))/).map((term) => term.trim()).filter((term) => term !== "");
  const tests = terms.map(labelTest);
  return (object) => {
    const labels = objectOr(objectOr(object["metadata"])["labels"]);
    return tests.every((test) => test(labels));
  };
}

/**
 * Parses `metadata.name=x,spec.providerRef.name!=y`.
 *
 * @throws StatusError 400 for a field that the resource does not offer.
 */
function parseFieldSelector(type: ResourceType, text: string): Selector {
  const tests = text.split(",").filter((term) => term.trim() !== "").map((term): Selector => {
    const match = /^\s*([^!=\s]+)\s*(==|=|!=)\s*(.*)$/.exec(term);
    if (match === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = match;
    const known = field === "metadata.name" || field === "metadata.namespace" ||
      type.selectableFields.includes(field);
    if (!known) {
      throw badRequest(`field label not supported: ${field}`);
    }
    const wanted = operator !== "!=";
    return (object) => (String(valueAt(present(type, object), field) ?? "") === value) === wanted;
  });
  return (object) => tests.every((test) => test(object));
}

/** The selector of a list, watch or collection request: namespace, labels and fields together. */
export function selectorOf(
  type: ResourceType,
  options: { readonly namespace: string; readonly query: URLSearchParams },
): Selector {
  const { namespace, query } = options;
  const labels = query.get("labelSelector") ?? "";
  const fields = query.get("fieldSelector") ?? "";
  const tests: Selector[] = [];
  if (namespace !== "") tests.push((object) => namespaceOf(object) === namespace);
  if (labels !== "") tests.push(parseLabelSelector(labels));
  if (fields !== "") tests.push(parseFieldSelector(type, fields));
  return (object) => tests.every((test) => test(object));
}
