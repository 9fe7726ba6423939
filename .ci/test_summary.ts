import { stripVTControlCharacters } from "node:util";

/** What a run of `deno test` came to. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
}

const SUMMARY = /(\d+) passed(?: \(\d+ steps?\))? \| (\d+) failed/g;

/** Reads the last summary in the output of `deno test`; undefined where there is none. */
export function parseTestSummary(output: string): TestSummary | undefined {
  const match = [...stripVTControlCharacters(output).matchAll(SUMMARY)].at(-1);
  return match === undefined ? undefined : { passed: Number(match[1]), failed: Number(match[2]) };
}

if (import.meta.main) {
  const summary = parseTestSummary(await new Response(Deno.stdin.readable).text());
  if (summary === undefined) Deno.exit(1);
  console.log(`${summary.passed} ${summary.failed}`);
}
