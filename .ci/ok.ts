/**
 * All checks, one after the other, as `deno task ok`.
 *
 * One line for each check that passes, all its output for one that fails; at the end the line
 * "N passed, N failed", which counts the checks and the tests.
 */
import { ROOT } from "./files.ts";
import { parseTestSummary } from "./test_summary.ts";

interface Check {
  readonly name: string;
  /** Arguments of deno. */
  readonly args: readonly string[];
  /** Whether its standard output is the line to show, and not only its name. */
  readonly hasSummary?: boolean;
}

const CHECKS: readonly Check[] = [
  { name: "fmt", args: ["fmt", "--check"] },
  { name: "lint", args: ["lint"] },
  { name: "check", args: ["check", "src", "tests", ".ci"] },
  { name: "cycles", args: ["run", "-A", ".ci/cycles.ts"], hasSummary: true },
  { name: "sizes", args: ["run", "-A", ".ci/sizes.ts"], hasSummary: true },
  { name: "dead exports", args: ["run", "-A", ".ci/dead_exports.ts"], hasSummary: true },
  { name: "verify", args: ["task", "verify"] },
];

const TESTS: Check = { name: "test", args: ["task", "test"] };

interface Run {
  readonly isGreen: boolean;
  readonly output: string;
  readonly stdout: string;
  readonly seconds: string;
}

async function run({ args }: Check): Promise<Run> {
  const start = performance.now();
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const text = decoder.decode(stdout);
  return {
    isGreen: code === 0,
    output: `${text}${decoder.decode(stderr)}`,
    stdout: text,
    seconds: `${((performance.now() - start) / 1_000).toFixed(1)} s`,
  };
}

function report(check: Check, result: Run): void {
  const mark = result.isGreen ? "ok  " : "FAIL";
  const summary = check.hasSummary && result.isGreen ? result.stdout.trim() : check.name;
  console.log(`${mark} ${summary} (${result.seconds})`);
  if (!result.isGreen) console.log(result.output.trimEnd());
}

async function main(): Promise<void> {
  let passed = 0;
  let failed = 0;
  for (const check of CHECKS) {
    const result = await run(check);
    report(check, result);
    if (result.isGreen) passed += 1;
    else failed += 1;
  }

  const result = await run(TESTS);
  report(TESTS, result);
  const tests = parseTestSummary(result.output);
  passed += tests?.passed ?? 0;
  failed += tests?.failed ?? 0;
  // Such as a file that does not load, or a sanitizer that speaks up at the end.
  const isUnexplained = !result.isGreen && (tests?.failed ?? 0) === 0;
  // A run without a test proves nothing.
  if (isUnexplained || (tests?.passed ?? 0) === 0) failed += 1;

  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0) Deno.exit(1);
}

if (import.meta.main) await main();
