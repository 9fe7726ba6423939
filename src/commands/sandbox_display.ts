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

const MESSAGE_WIDTH = 60;

/** Draws the table; the message is shown only where something is not Ready. */
export function showObjects(rows: readonly Row[]): string {
  const table = new Table({
    head: ["Kind", "Object", "Cloud", "Ready", "Reason", ""],
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: [null, null, null, null, null, MESSAGE_WIDTH],
  });
  for (const row of rows) {
    const message = row.ready === "True" ? "" : row.message;
    table.push([row.kind, row.name, row.cloud, row.ready, row.reason, message]);
  }
  return table.toString();
}
