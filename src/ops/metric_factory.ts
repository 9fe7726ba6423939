/**
 * Makes metrics on one registry; the label names become part of the metric's type.
 */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

/** What a metric is called and what it tells. */
export interface MetricDefinition<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
}

/** Makes metrics on one registry. */
export class MetricFactory {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  /** A number that only grows. */
  counter<const L extends string>(definition: MetricDefinition<L>): Counter<L> {
    return new Counter<L>(this.#optionsOf(definition));
  }

  /** A number that rises and falls. */
  gauge<const L extends string>(definition: MetricDefinition<L>): Gauge<L> {
    return new Gauge<L>(this.#optionsOf(definition));
  }

  /** A gauge whose values are read anew at each scrape; those of objects that are gone go. */
  collected<const L extends string>(
    definition: MetricDefinition<L>,
    read: (gauge: Gauge<L>) => void,
  ): Gauge<L> {
    return new Gauge<L>({
      ...this.#optionsOf(definition),
      collect() {
        this.reset();
        read(this);
      },
    });
  }

  /** A distribution over buckets. */
  histogram<const L extends string>(
    definition: MetricDefinition<L> & { readonly buckets: readonly number[] },
  ): Histogram<L> {
    return new Histogram<L>({
      ...this.#optionsOf(definition),
      buckets: [...definition.buckets],
    });
  }

  #optionsOf<L extends string>({ name, help, labels }: MetricDefinition<L>) {
    return { name, help, labelNames: [...labels], registers: [this.#registry] };
  }
}
