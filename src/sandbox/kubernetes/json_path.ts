/** The JSONPath of printer columns: fields, indexes, wildcards and one comparison in a filter. */

import type { JsonValue } from "./json.ts";
import { isObject, stringOr, valueAt } from "./json.ts";

type Step = (values: readonly JsonValue[]) => JsonValue[];

function fieldStep(name: string): Step {
  return (values) =>
    values.flatMap((value) => {
      const child = isObject(value) ? value[name] : undefined;
      return child === undefined ? [] : [child];
    });
}

function children(value: JsonValue): JsonValue[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function bracketStep(content: string): Step {
  const filter = /^\?\(\s*@\.?([^=!]*?)\s*(==|!=)\s*["']?(.*?)["']?\s*\)$/.exec(content);
  if (filter !== null) {
    const [, path = "", operator, wanted] = filter;
    return (values) =>
      values.flatMap(children).filter((item) => {
        const found = valueAt(item, path);
        const equal = found !== undefined && String(found) === wanted;
        return operator === "==" ? equal : !equal;
      });
  }
  if (content === "*") return (values) => values.flatMap(children);
  if (/^-?\d+$/.test(content)) {
    return (values) =>
      values.flatMap((value) => {
        const item = Array.isArray(value) ? value.at(Number(content)) : undefined;
        return item === undefined ? [] : [item];
      });
  }
  return fieldStep(content.replace(/^["']|["']$/g, ""));
}

function parse(path: string): Step[] {
  const tokens = path.matchAll(/\[(\?\(.*?\)|[^\]]*)\]|\.?((?:\\.|[^.[\\])+)/g);
  return [...tokens].map(([, bracket, field]) => {
    if (bracket !== undefined) return bracketStep(bracket);
    return field === "*" ? bracketStep("*") : fieldStep(stringOr(field).replaceAll("\\", ""));
  });
}

const parsed = new Map<string, Step[]>();
/** More paths than this are not kept; definitions have a handful each. */
const KEPT_PATHS = 1_000;

/** All values that the path selects. */
export function selectPath(value: JsonValue, path: string): JsonValue[] {
  let steps = parsed.get(path);
  if (steps === undefined) {
    steps = parse(path);
    if (parsed.size < KEPT_PATHS) parsed.set(path, steps);
  }
  return steps.reduce<JsonValue[]>((values, step) => step(values), [value]);
}
