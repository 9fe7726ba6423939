/**
 * The operators of many orders, one after the other: each is stopped in the middle of things, with
 * time to finish or without, and the next goes on from what it finds.
 */
import type { CustomResource } from "../../src/api/common.ts";
import type { Operator } from "../../src/operator.ts";

/** Operators in a row. */
export class Operators {
  readonly #start: () => Promise<Operator>;
  readonly #all: Operator[] = [];
  #ends = 0;
  #quiet = Promise.withResolvers<void>();
  #handover: Promise<void> = Promise.resolve();

  /** @param start starts another one */
  constructor(start: () => Promise<Operator>) {
    this.#start = start;
  }

  /** Number of operators so far. */
  get count(): number {
    return this.#all.length;
  }

  /** What the present one sees. */
  objects(): readonly CustomResource[] {
    return this.#all.at(-1)?.objects() ?? [];
  }

  /** Stops the present one, and starts the next, once no order is at its end. */
  async next(): Promise<void> {
    const before = this.#handover;
    const handover = Promise.withResolvers<void>();
    this.#handover = handover.promise;
    await before;
    if (this.#ends > 0) await this.#quiet.promise;
    await this.#all.at(-1)?.stop(this.count % 2 === 0 ? 0 : 5_000);
    this.#all.push(await this.#start());
    handover.resolve();
  }

  /** Ends an order under one and the same operator. */
  async underOne<T>(end: () => Promise<T>): Promise<T> {
    await this.#handover;
    if (this.#ends++ === 0) this.#quiet = Promise.withResolvers();
    try {
      return await end();
    } finally {
      if (--this.#ends === 0) this.#quiet.resolve();
    }
  }

  /** Successful requests of all of them to the service by operation, such as CreateBucket. */
  async calls(): Promise<Readonly<Record<string, number>>> {
    const calls: Record<string, number> = {};
    const metrics = await Promise.all(this.#all.map((one) => one.metrics.providerRequests.get()));
    for (const { labels: { operation, code }, value } of metrics.flatMap(({ values }) => values)) {
      if (code === "OK") calls[operation!] = (calls[operation!] ?? 0) + value;
    }
    return calls;
  }
}
