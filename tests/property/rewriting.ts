/**
 * Ways to say the same thing otherwise, chosen by a number that a property gives.
 */

/** Draws numbers from a seed; the same seed draws the same numbers. */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to `count` - 1 (mulberry32). */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  }

  /** True or false. */
  coin(): boolean {
    return this.below(2) === 1;
  }

  /** One of several. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.below(left.length), 1)[0]!);
  }

  /** Letters in the other case, here and there. */
  cased(text: string): string {
    return [...text].map((letter) => this.coin() ? letter.toUpperCase() : letter.toLowerCase())
      .join("");
  }

  /** The same items in another order, some of them twice. */
  repeated<T>(items: readonly T[]): T[] {
    return this.shuffled([...items, ...items.filter(() => this.below(4) === 0)]);
  }
}
