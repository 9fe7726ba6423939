/**
 * Takes known secret values out of text.
 *
 * Guessing by pattern leaks what it does not know and mangles what it does (seed-spec A11), so
 * only values that were really read from a Secret are replaced.
 */

/** Shorter values would turn ordinary words into stars. */
const SHORTEST_SECRET = 8;
const MAX_SECRETS = 2000;
const MARK = "[redacted]";

/** The secret values of this process, and the one function that hides them. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers values that must never be written anywhere; the oldest are forgotten beyond 2000. */
  add(...values: readonly (string | undefined)[]): void {
    for (const value of values) {
      if (value === undefined || value.length < SHORTEST_SECRET) continue;
      this.#secrets.delete(value);
      this.#secrets.add(value);
      const oldest = this.#secrets.values().next().value;
      if (this.#secrets.size > MAX_SECRETS && oldest !== undefined) this.#secrets.delete(oldest);
    }
  }

  /** Replaces each known secret value, and its URL-encoded form, by a mark. */
  redact(text: string): string {
    let result = text;
    for (const secret of this.#secrets) {
      result = result.replaceAll(secret, MARK);
      const encoded = encodeURIComponent(secret);
      if (encoded !== secret) result = result.replaceAll(encoded, MARK);
    }
    return result;
  }
}
