/**
 * The table of objects and their conditions.
 */
import Table from "cli-table3";

/** One object in the table. */
export interface Row {
  readonly kind: string;
  /** `namespace/name`. */
  readonly name: string;
  /** Name at the service, or its address. */
  readonly cloud: string;
  readonly ready: string;
  readonly reason: string;
  readonly message: string;
}

/** Draws the table, and below it a line for each object that is not Ready. */
export function showObjects(rows: readonly Row[]): string {
  const table = new Table({
    head: ["Kind", "Object", "Cloud", "Ready", "Reason"],
    style: { head: [], border: [], compact: true },
  });
  for (const { kind, name, cloud, ready, reason } of rows) {
    table.push([kind, name, cloud, ready, reason]);
  }
  const messages = rows.filter(({ ready, message }) => ready !== "True" && message !== "")
    .map(({ kind, name, message }) => `${kind} ${name}: ${message}`);
  return [table.toString(), ...messages].join("\n");
}

/** Lines that a text takes on a terminal, which wraps what is wider than it. */
export function heightOf(text: string, columns: number): number {
  return text.split("\n")
    .reduce((height, line) => height + Math.max(1, Math.ceil(line.length / columns)), 0);
}
