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

const HEAD = ["Kind", "Object", "Cloud", "Ready", "Reason"];
/** A narrower column would show one word a line. */
const NARROWEST_MESSAGE = 30;

/**
 * Draws the table. Messages are shown only where something is not Ready, as wide as `columns`
 * leaves room for: a line that the terminal wraps could not be drawn over.
 */
export function showObjects(rows: readonly Row[], columns: number): string {
  const cells = rows.map((
    { kind, name, cloud, ready, reason },
  ) => [kind, name, cloud, ready, reason]);
  const messages = rows.map((row) => row.ready === "True" ? "" : row.message);
  const withMessages = messages.some((message) => message !== "");
  const widths = HEAD.map((title, column) =>
    2 + Math.max(title.length, ...cells.map((line) => line[column]?.length ?? 0))
  );
  const taken = widths.reduce((sum, width) => sum + width + 1, 2);
  const table = new Table({
    head: withMessages ? [...HEAD, "Message"] : HEAD,
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    colWidths: withMessages
      ? [...widths, Math.max(NARROWEST_MESSAGE, columns - taken - 1)]
      : widths,
  });
  for (const [index, line] of cells.entries()) {
    table.push(withMessages ? [...line, messages[index] ?? ""] : line);
  }
  return table.toString();
}
