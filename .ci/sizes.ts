/** Check: files stay small. Prints one line, and what is too large. */
import { ROOT, typescriptFiles } from "./files.ts";

const MAX_MEDIAN_LINES = 120;
const MAX_SOURCE_LINES = 400;
const MAX_TEST_LINES = 600;

/** Length of one file. */
export interface FileSize {
  readonly path: string;
  readonly lines: number;
}

/** What the sizes of all files come to. */
export interface SizeReport {
  /** One line for people. */
  readonly summary: string;
  /** Empty where all is within the budget. */
  readonly faults: readonly string[];
}

/** Judges the sizes of the source files, and of tests and checks. */
export function judgeSizes(sources: readonly FileSize[], others: readonly FileSize[]): SizeReport {
  const sorted = [...sources].sort((left, right) => left.lines - right.lines);
  const median = quantile(sorted, 0.5);
  const largest = sorted.at(-1);
  const faults = [
    ...sources.filter(({ lines }) => lines > MAX_SOURCE_LINES).map(tooLong(MAX_SOURCE_LINES)),
    ...others.filter(({ lines }) => lines > MAX_TEST_LINES).map(tooLong(MAX_TEST_LINES)),
  ];
  if (median > MAX_MEDIAN_LINES) {
    faults.push(`The median source file has ${median} lines: at most ${MAX_MEDIAN_LINES}`);
  }
  const summary = `sizes: ${sources.length} source files, lines median ${median}, ` +
    `p90 ${quantile(sorted, 0.9)}, max ${largest?.lines ?? 0} (${largest?.path ?? "none"})`;
  return { summary, faults };
}

function quantile(sorted: readonly FileSize[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]?.lines ?? 0;
}

function tooLong(limit: number): (file: FileSize) => string {
  return ({ path, lines }) => `${path} has ${lines} lines: at most ${limit}`;
}

async function measure(paths: readonly string[]): Promise<readonly FileSize[]> {
  return await Promise.all(paths.map(async (path) => {
    const text = await Deno.readTextFile(ROOT + path);
    return { path, lines: text.split("\n").length - 1 };
  }));
}

if (import.meta.main) {
  const others = [...await typescriptFiles("tests"), ...await typescriptFiles(".ci")];
  const report = judgeSizes(await measure(await typescriptFiles("src")), await measure(others));
  console.log(report.summary);
  for (const fault of report.faults) console.error(fault);
  if (report.faults.length > 0) Deno.exit(1);
}
