/**
 * What the operator warns of, by namespace, so that a run that fails can tell what led to it.
 */
import type { LogFields, Logger } from "../../src/ops/log.ts";

const MOST_LINES = 60;

/** Keeps the latest warnings of each namespace. */
export class OrdersLog {
  readonly #lines = new Map<string, string[]>();
  readonly #errors = new Map<string, string>();

  /** For the operator. */
  readonly logger: Logger = this.#with({});

  /** The first error of a namespace: what should never happen, such as a panic. */
  errorOf(namespace: string): string | undefined {
    return this.#errors.get(namespace);
  }

  /** The lines of a namespace, which are then forgotten. */
  take(namespace: string): readonly string[] {
    const lines = this.#lines.get(namespace) ?? [];
    this.#lines.delete(namespace);
    this.#errors.delete(namespace);
    return lines;
  }

  #with(context: LogFields): Logger {
    return {
      debug: () => {},
      info: () => {},
      warning: (message, fields) => this.#add(message, { ...context, ...fields }),
      error: (message, fields) => this.#add(message, { ...context, ...fields }, true),
      with: (fields) => this.#with({ ...context, ...fields }),
    };
  }

  #add(message: string, { controller, key, error }: LogFields, isError = false): void {
    const [namespace = ""] = String(key).split("/");
    const lines = this.#lines.get(namespace) ?? [];
    const time = new Date().toISOString().slice(11, 23);
    const cause = isError && error instanceof Error ? error.stack : error;
    const line = `${time} ${controller} ${key}: ${message}: ${cause ?? ""}`;
    lines.push(line);
    this.#lines.set(namespace, lines.slice(-MOST_LINES));
    if (isError && !this.#errors.has(namespace)) this.#errors.set(namespace, line);
  }
}
