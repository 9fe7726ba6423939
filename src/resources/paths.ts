/**
 * Paths into a spec, such as `lifecycle.rules["tmp"].expiration`, and the differences that they
 * name; pure.
 */
import type { Json } from "../api/common.ts";

/** Steps from the spec down to a value. */
export type Path = readonly string[];

/** One place where two values are not the same. */
export interface Difference {
  readonly path: Path;
  /** Undefined where it has none. */
  readonly desired: Json | undefined;
  readonly observed: Json | undefined;
}

type JsonMap = { readonly [key: string]: Json };

const STEP = /\.?([A-Za-z0-9_-]+)|\["([^"]+)"\]/y;

/** Steps of a path as text; undefined when it is none. */
export function parsePath(text: string): Path | undefined {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const match = STEP.exec(text);
    if (match === null) return undefined;
    steps.push(match[1] ?? match[2]!);
  }
  return steps.length === 0 ? undefined : steps;
}

/** A path as text; a step that is no plain name stands in brackets and quotes. */
export function showPath(path: Path): string {
  return path
    .map((step) => /^[A-Za-z0-9_-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`)
    .join("")
    .replace(/^\./, "");
}

/**
 * Every place where the values differ: maps are compared key by key, everything else as a whole.
 *
 * @param at where the values stand
 */
export function differences(
  desired: Json | undefined,
  observed: Json | undefined,
  { at }: { readonly at: Path },
): readonly Difference[] {
  if (isMap(desired) && isMap(observed)) {
    const keys = [...new Set([...Object.keys(desired), ...Object.keys(observed)])].sort();
    return keys.flatMap((key) => differences(desired[key], observed[key], { at: [...at, key] }));
  }
  return sameValue(desired, observed) ? [] : [{ path: at, desired, observed }];
}

/**
 * `desired` with whatever `observed` has at the given paths, so that these places never differ.
 *
 * @param options.at where the values stand; paths that lead elsewhere are without effect
 */
export function keepObserved(
  desired: Json,
  observed: Json,
  { at, paths }: { readonly at: Path; readonly paths: readonly Path[] },
): Json {
  return paths
    .filter((path) => at.every((step, index) => path[index] === step))
    .map((path) => path.slice(at.length))
    .reduce<Json>((value, path) => grafted(value, observed, path) ?? {}, desired);
}

/** The value with the part at `path` taken from `source`, or without it where it has none. */
function grafted(value: Json | undefined, source: Json | undefined, path: Path): Json | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return source;
  if (!isMap(value) && !isMap(source)) return value;
  const map = isMap(value) ? value : {};
  const inner = grafted(map[step], isMap(source) ? source[step] : undefined, rest);
  const { [step]: _replaced, ...others } = map;
  if (inner !== undefined) return { ...others, [step]: inner };
  return isMap(value) ? others : value;
}

function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sameValue(left: Json | undefined, right: Json | undefined): boolean {
  return stable(left) === stable(right);
}

/** JSON text in which the order of keys means nothing. */
export function stable(value: Json | undefined): string {
  return JSON.stringify(
    value,
    (_key, inner: Json) =>
      isMap(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  ) ?? "";
}
