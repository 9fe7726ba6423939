/**
 * Age and next rotation of each access key, for alerts on keys that should have been rotated.
 */
import type { MetricFactory } from "./metric_factory.ts";

/** Which AccessKey a value belongs to. */
export interface AccessKeyLabels {
  readonly namespace: string;
  readonly name: string;
}

/** Takes the values of one scrape. */
export interface AccessKeyShow {
  ageSeconds(labels: AccessKeyLabels, seconds: number): void;
  nextRotation(labels: AccessKeyLabels, seconds: number): void;
}

/** Tells every value of one scrape. */
export type AccessKeyReader = (show: AccessKeyShow) => void;

/** The gauges, and who is asked for their values. */
export class AccessKeyGauges {
  #read: AccessKeyReader = () => {};

  constructor(make: MetricFactory) {
    const labels = ["namespace", "name"] as const;
    make.collected({
      name: "access_key_age_seconds",
      help: "Time since the current key was made, in seconds",
      labels,
    }, (gauge) =>
      this.#read({
        ageSeconds: (of, seconds) => gauge.set({ ...of }, seconds),
        nextRotation: () => {},
      }));
    make.collected({
      name: "access_key_next_rotation_timestamp_seconds",
      help: "When the next rotation is due, in seconds since 1970",
      labels,
    }, (gauge) =>
      this.#read({
        ageSeconds: () => {},
        nextRotation: (of, seconds) => gauge.set({ ...of }, seconds),
      }));
  }

  /** Has the values read by `read` from now on. */
  collect(read: AccessKeyReader): void {
    this.#read = read;
  }
}
