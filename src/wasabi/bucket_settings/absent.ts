/**
 * Settings that a bucket does not have: the service says so by an error.
 */
import { ProviderError } from "../error.ts";

/**
 * Reads a setting; undefined where the service answers `code`, its word for "none".
 *
 * Only that code: a 404 says as well that the bucket is gone, or that a proxy was asked.
 */
export async function unlessAbsent<T>(reading: Promise<T>, code: string): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProviderError && error.code === code) return undefined;
    throw error;
  }
}
