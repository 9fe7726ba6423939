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
  /** Every form of every secret, the longest first: what is left of a longer one would show. */
  #forms: readonly string[] | undefined;

  /** Remembers values that must never be written anywhere; the oldest are forgotten beyond 2000. */
  add(...values: readonly (string | undefined)[]): void {
    for (const value of values) {
      if (value === undefined || value.length < SHORTEST_SECRET) continue;
      this.#secrets.delete(value);
      this.#secrets.add(value);
      const oldest = this.#secrets.values().next().value;
      if (this.#secrets.size > MAX_SECRETS && oldest !== undefined) this.#secrets.delete(oldest);
    }
    this.#forms = undefined;
  }

  /** Replaces each known secret value by a mark, also as URLs and JSON write it. */
  redact(text: string): string {
    this.#forms ??= [...new Set([...this.#secrets].flatMap(formsOf))]
      .sort((left, right) => right.length - left.length);
    let result = text;
    for (const form of this.#forms) result = result.replaceAll(form, MARK);
    return result;
  }
}

function formsOf(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret.toWellFormed()), JSON.stringify(secret).slice(1, -1)];
}
