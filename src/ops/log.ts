/**
 * The logger interface; the library behind it is known only here.
 */
import {
  configure,
  dispose,
  getLogger,
  type LogLevel as LibraryLevel,
  type LogRecord,
} from "@logtape/logtape";
import type { Redactor } from "./redact.ts";

/** Least important level that is written. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** Facts beside the message; never a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes structured lines. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each line. */
  with(fields: LogFields): Logger;
}

/** A logger that writes nothing, for tests and tools. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warning: () => {},
  error: () => {},
  with: () => silentLogger,
};

const CATEGORY = "wasabi-s3-operator";

/**
 * Sets the process's log up: one JSON object a line, known secret values redacted.
 *
 * @param options.write receives each line without its line end
 */
export async function startLog(
  options: {
    readonly level: LogLevel;
    readonly redactor: Redactor;
    readonly write: (line: string) => void;
  },
): Promise<Logger> {
  await configure({
    reset: true,
    sinks: {
      lines: (record) => options.write(options.redactor.redact(format(record))),
    },
    loggers: [
      { category: CATEGORY, lowestLevel: options.level as LibraryLevel, sinks: ["lines"] },
      { category: ["logtape", "meta"], lowestLevel: "error", sinks: ["lines"] },
    ],
  });
  return loggerWith({});
}

/** Ends the log; lines written so far are out. */
export async function stopLog(): Promise<void> {
  await dispose();
}

/** One line; a field cannot hide what every line has. */
function format(record: LogRecord): string {
  const head = {
    time: new Date(record.timestamp).toISOString(),
    level: record.level,
    message: record.message.join(""),
  };
  return JSON.stringify({ ...head, ...record.properties, ...head }, replaceErrors);
}

function loggerWith(context: LogFields): Logger {
  const library = getLogger(CATEGORY);
  // Braces would be read as placeholders, so the message goes in as a property-free template.
  const escape = (message: string) => message.replaceAll("{", "{{").replaceAll("}", "}}");
  return {
    debug: (message, fields) => library.debug(escape(message), { ...context, ...fields }),
    info: (message, fields) => library.info(escape(message), { ...context, ...fields }),
    warning: (message, fields) => library.warn(escape(message), { ...context, ...fields }),
    error: (message, fields) => library.error(escape(message), { ...context, ...fields }),
    with: (fields) => loggerWith({ ...context, ...fields }),
  };
}

/** Errors have no enumerable fields, so JSON would write them as `{}`. */
function replaceErrors(_key: string, value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  return { name: value.name, message: value.message, stack: value.stack };
}
