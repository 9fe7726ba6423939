/**
 * What "@std/assert" means in this repository.
 *
 * The names of jsr:@std/assert over `node:assert/strict`, so that tests need no other registry
 * than npm.
 */
import nodeAssert from "node:assert/strict";

/** Constructor of an error class, for the assertions that expect one. */
// deno-lint-ignore no-explicit-any -- a constructor's parameters do not matter here
export type ErrorClass<E extends Error = Error> = abstract new (...args: any[]) => E;

/** The failure of an assertion. */
export const AssertionError = nodeAssert.AssertionError;

function failure(fallback: string, message?: string): Error {
  return new nodeAssert.AssertionError({
    message: message === undefined ? fallback : `${fallback}: ${message}`,
  });
}

/** Fails always. */
export function fail(message?: string): never {
  throw failure("Failed assertion", message);
}

/** Fails where `condition` is falsy, and narrows its type where it is not. */
export function assert(condition: unknown, message = ""): asserts condition {
  if (!condition) throw failure("Expected a truthy value", message || undefined);
}

/** Fails where `condition` is truthy. */
export function assertFalse(condition: unknown, message?: string): void {
  if (condition) throw failure("Expected a falsy value", message);
}

/**
 * Fails where the two values are not equal in depth.
 *
 * Unlike node's, it does not compare prototypes, so that a frozen copy or a null-prototype object
 * equals its literal; that is what jsr:@std/assert does for plain objects.
 */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.deepStrictEqual(plain(actual), plain(expected), message as string);
}

/** Fails where the two values are equal in depth. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notDeepStrictEqual(plain(actual), plain(expected), message as string);
}

/** Fails where the two values are not the same reference or primitive. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  nodeAssert.strictEqual(actual, expected, message as string);
}

/** Fails where the two values are the same reference or primitive. */
export function assertNotStrictEquals<T>(actual: T, expected: T, message?: string): void {
  nodeAssert.notStrictEqual(actual, expected, message as string);
}

/** Fails for null and undefined, and narrows the type. */
export function assertExists<T>(
  actual: T,
  message?: string,
): asserts actual is NonNullable<T> {
  if (actual === undefined || actual === null) {
    throw failure(`Expected a value but received ${actual}`, message);
  }
}

/** Fails where `actual` does not contain `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  if (!actual.includes(expected)) {
    throw failure(`Expected ${quote(actual)} to contain ${quote(expected)}`, message);
  }
}

/** Fails where one of `expected` is not an element of `actual`, compared in depth. */
export function assertArrayIncludes<T>(
  actual: readonly T[],
  expected: readonly T[],
  message?: string,
): void {
  for (const wanted of expected) {
    if (!actual.some((candidate) => isEqual(candidate, wanted))) {
      throw failure(`Expected ${quote(actual)} to include ${quote(wanted)}`, message);
    }
  }
}

/** Fails where `actual` lacks something that `expected` names, at any depth. */
export function assertObjectMatch(actual: object, expected: object, message?: string): void {
  nodeAssert.partialDeepStrictEqual(plain(actual), plain(expected), message as string);
}

/** Fails where `actual` does not match `pattern`. */
export function assertMatch(actual: string, pattern: RegExp, message?: string): void {
  nodeAssert.match(actual, pattern, message as string);
}

/** Fails where `actual` matches `pattern`. */
export function assertNotMatch(actual: string, pattern: RegExp, message?: string): void {
  nodeAssert.doesNotMatch(actual, pattern, message as string);
}

/** Fails where `actual` is not an instance of `type`, and narrows its type. */
export function assertInstanceOf<T>(
  actual: unknown,
  // deno-lint-ignore no-explicit-any -- a constructor's parameters do not matter here
  type: abstract new (...args: any[]) => T,
  message?: string,
): asserts actual is T {
  if (!(actual instanceof type)) {
    throw failure(`Expected an instance of ${type.name} but received ${quote(actual)}`, message);
  }
}

/** Fails where `low <= high` does not hold. */
export function assertLessOrEqual<T>(low: T, high: T, message?: string): void {
  if (!(low <= high)) throw failure(`Expected ${quote(low)} <= ${quote(high)}`, message);
}

/** Fails where `high >= low` does not hold. */
export function assertGreaterOrEqual<T>(high: T, low: T, message?: string): void {
  if (!(high >= low)) throw failure(`Expected ${quote(high)} >= ${quote(low)}`, message);
}

/** Fails where `low < high` does not hold. */
export function assertLess<T>(low: T, high: T, message?: string): void {
  if (!(low < high)) throw failure(`Expected ${quote(low)} < ${quote(high)}`, message);
}

/** Fails where `high > low` does not hold. */
export function assertGreater<T>(high: T, low: T, message?: string): void {
  if (!(high > low)) throw failure(`Expected ${quote(high)} > ${quote(low)}`, message);
}

/** Fails where `error` is not of the class, or its message lacks the text. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  type?: ErrorClass<E>,
  messageIncludes?: string | RegExp,
): asserts error is E {
  if (!(error instanceof Error)) throw failure(`Expected an Error but received ${quote(error)}`);
  if (type !== undefined && !(error instanceof type)) {
    throw failure(`Expected ${type.name} but received ${error.name}: ${error.message}`);
  }
  if (messageIncludes === undefined) return;
  const fits = typeof messageIncludes === "string"
    ? error.message.includes(messageIncludes)
    : messageIncludes.test(error.message);
  if (!fits) {
    throw failure(`Expected a message with ${String(messageIncludes)} but received: ${error}`);
  }
}

/** Fails where `run` does not throw such an error, which it returns otherwise. */
export function assertThrows<E extends Error = Error>(
  run: () => unknown,
  type?: ErrorClass<E>,
  messageIncludes?: string | RegExp,
): E {
  let thrown: unknown;
  try {
    run();
  } catch (error) {
    thrown = error;
    assertIsError<E>(thrown, type, messageIncludes);
    return thrown;
  }
  throw failure("Expected the function to throw");
}

/** Fails where the promise does not reject with such an error, which it resolves to otherwise. */
export async function assertRejects<E extends Error = Error>(
  run: () => PromiseLike<unknown>,
  type?: ErrorClass<E>,
  messageIncludes?: string | RegExp,
): Promise<E> {
  let thrown: unknown;
  try {
    await run();
  } catch (error) {
    thrown = error;
    assertIsError<E>(thrown, type, messageIncludes);
    return thrown;
  }
  throw failure("Expected the promise to reject");
}

function isEqual(left: unknown, right: unknown): boolean {
  try {
    nodeAssert.deepStrictEqual(plain(left), plain(right));
    return true;
  } catch {
    return false;
  }
}

function quote(value: unknown): string {
  return Deno.inspect(value, { depth: 4, strAbbreviateSize: 1_000 });
}

/** The value with every null-prototype object replaced by an ordinary one. */
function plain(value: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const item of value) copy.push(plain(item, seen));
    return copy;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: Record<PropertyKey, unknown> = {};
  seen.set(value, copy);
  for (const key of Reflect.ownKeys(value)) {
    Object.defineProperty(copy, key, {
      value: plain((value as Record<PropertyKey, unknown>)[key], seen),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}
