/**
 * Errors that say nothing about the object at hand.
 */

/** True when a call was given up because the operator stops. */
export function isAborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError" ||
    error instanceof Error && error.name === "AbortError";
}
