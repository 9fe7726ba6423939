/**
 * A binary heap over a given order.
 */

/** Items in heap order; the smallest is always on top. */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (left: T, right: T) => boolean;

  constructor(before: (left: T, right: T) => boolean) {
    this.#before = before;
  }

  /** Number of items. */
  get size(): number {
    return this.#items.length;
  }

  /** The smallest item, left in place. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Adds an item. */
  push(item: T): void {
    this.#items.push(item);
    this.#rise(this.#items.length - 1);
  }

  /** Takes the smallest item. */
  pop(): T | undefined {
    const top = this.#items[0];
    const last = this.#items.pop();
    if (top === undefined || last === undefined || this.#items.length === 0) return top;
    this.#items[0] = last;
    this.#sink(0);
    return top;
  }

  #rise(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  #sink(start: number): void {
    let index = start;
    while (true) {
      const left = 2 * index + 1;
      const right = left + 1;
      if (left >= this.#items.length) return;
      const rightIsSmaller = right < this.#items.length &&
        this.#before(this.#items[right]!, this.#items[left]!);
      const child = rightIsSmaller ? right : left;
      if (!this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #swapIfBefore(child: number, parent: number): boolean {
    const lower = this.#items[child]!;
    const upper = this.#items[parent]!;
    if (!this.#before(lower, upper)) return false;
    this.#items[child] = upper;
    this.#items[parent] = lower;
    return true;
  }
}
