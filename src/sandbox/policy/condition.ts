/**
 * Conditions of a statement.
 *
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
import { BlockList, isIP } from "node:net";

import { isKnownKey, type RequestContext, valueOf } from "./context.ts";
import { PolicyError } from "./error.ts";
import { matches, substitute, type Variables } from "./pattern.ts";

/** One operator applied to one key. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** What a condition is asked about. */
export interface ConditionFacts {
  readonly context: RequestContext;
  /** Where the document's version knows them. */
  readonly variables: Variables | undefined;
}

/** Compares one value of the document with the request's. */
interface Comparison {
  readonly compare: (expected: string, actual: string, variables?: Variables) => boolean;
  /** Whether a value of the document makes sense. */
  readonly accepts: (expected: string) => boolean;
  /** Holds where no value fits, and where the request has none. */
  readonly isNegated?: boolean;
}

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  ...withNegation("StringEquals", "StringNotEquals", {
    compare: (expected, actual, variables) => substitute(expected, variables) === actual,
    accepts: () => true,
  }),
  ...withNegation("StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", {
    compare: (expected, actual, variables) =>
      substitute(expected, variables)?.toLowerCase() === actual.toLowerCase(),
    accepts: () => true,
  }),
  ...withNegation("StringLike", "StringNotLike", {
    compare: (expected, actual, variables) =>
      matches(expected, actual, variables === undefined ? {} : { variables }),
    accepts: () => true,
  }),
  ...withNegation("IpAddress", "NotIpAddress", { compare: isInRange, accepts: isRange }),
  ...ordered("Numeric", (text) => text.trim() === "" ? NaN : Number(text)),
  ...ordered("Date", timeOf),
  ["Bool", {
    compare: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
    accepts: isBoolean,
  }],
]);

/**
 * Reads a statement's Condition element.
 *
 * @throws {PolicyError} for an operator, a key or a value that the service does not know.
 */
export function parseConditions(element: unknown): readonly Condition[] {
  if (element === undefined) return [];
  return entriesOf(element).flatMap(([operator, keys]) =>
    entriesOf(keys).map(([key, value]) => {
      if (!isKnownKey(key)) throw new PolicyError(`Policy has an invalid condition key: "${key}"`);
      const values = (Array.isArray(value) ? value : [value]).map(toText);
      checkOperator(operator, values);
      return { operator, key, values };
    })
  );
}

/** Whether the request fulfils the condition. */
export function isFulfilled(
  { operator, key, values }: Condition,
  { context, variables }: ConditionFacts,
): boolean {
  const actual = valueOf(key, context);
  if (operator === "Null") {
    return values.some((value) => (value === "true") === (actual === undefined));
  }
  const { compare, isNegated = false } = COMPARISONS.get(baseOf(operator))!;
  if (actual === undefined) return isNegated || operator !== baseOf(operator);
  return values.some((expected) => compare(expected, actual, variables)) !== isNegated;
}

function checkOperator(operator: string, values: readonly string[]): void {
  const accepts = operator === "Null" ? isBoolean : COMPARISONS.get(baseOf(operator))?.accepts;
  if (accepts === undefined) {
    throw new PolicyError(`Invalid Condition type: "${operator}"`);
  }
  const wrong = values.find((value) => !accepts(value));
  if (values.length === 0 || wrong !== undefined) {
    throw new PolicyError(`Invalid value of condition ${operator}: "${wrong ?? ""}"`);
  }
}

function baseOf(operator: string): string {
  return operator.replace(/IfExists$/, "");
}

function withNegation(
  name: string,
  negation: string,
  comparison: Comparison,
): readonly (readonly [string, Comparison])[] {
  return [[name, comparison], [negation, { ...comparison, isNegated: true }]];
}

function ordered(
  prefix: string,
  read: (text: string) => number,
): readonly (readonly [string, Comparison])[] {
  const accepts = (text: string) => !Number.isNaN(read(text));
  function by(order: (actual: number, expected: number) => boolean): Comparison {
    return { accepts, compare: (expected, actual) => order(read(actual), read(expected)) };
  }
  return [
    ...withNegation(`${prefix}Equals`, `${prefix}NotEquals`, by((left, right) => left === right)),
    [`${prefix}LessThan`, by((left, right) => left < right)],
    [`${prefix}LessThanEquals`, by((left, right) => left <= right)],
    [`${prefix}GreaterThan`, by((left, right) => left > right)],
    [`${prefix}GreaterThanEquals`, by((left, right) => left >= right)],
  ];
}

/** ISO 8601, or seconds since 1970. */
function timeOf(text: string): number {
  if (/^\d+$/.test(text)) return Number(text) * 1_000;
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
    ? Date.parse(text)
    : NaN;
}

function isBoolean(text: string): boolean {
  return /^(true|false)$/i.test(text);
}

function isRange(text: string): boolean {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  return version !== 0 && rest.length === 0 &&
    (length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= longest));
}

function isInRange(range: string, address: string): boolean {
  const [network = "", length] = range.split("/");
  const family = isIP(network) === 4 ? "ipv4" : "ipv6";
  if ((isIP(address) === 4 ? "ipv4" : "ipv6") !== family) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(length ?? (family === "ipv4" ? 32 : 128)), family);
  return list.check(address, family);
}

function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  throw new PolicyError("Invalid value of a condition: a text was expected");
}

function entriesOf(element: unknown): [string, unknown][] {
  if (typeof element !== "object" || element === null || Array.isArray(element)) {
    throw new PolicyError("Syntax errors in policy: Condition is not an object");
  }
  return Object.entries(element);
}
