/**
 * Figures beside what they should be.
 */
import Table from "cli-table3";
import type { Measurement } from "./measure.ts";

interface Line {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** At most; undefined where none is set. */
  readonly aim?: number;
}

/** Requests a second to one account that the operator allows itself unless told otherwise. */
const DEFAULT_RATE = 50;
const DEFAULT_BURST = 100;

/** Draws the table of one measurement. */
export function showMeasurement(measurement: Measurement): string {
  const table = new Table({
    head: [`${measurement.program}, ${measurement.buckets} Buckets`, "figure", "aim", "ratio"],
    colAligns: ["left", "right", "right", "right"],
    style: { head: [], border: [], compact: true },
  });
  for (const { figure, value, unit, aim } of linesOf(measurement)) {
    const limit = aim === undefined ? "" : `≤ ${aim} ${unit}`;
    const ratio = aim === undefined || aim === 0 ? "" : (value / aim).toFixed(2);
    table.push([figure, `${rounded(value)} ${unit}`.trim(), limit.trim(), ratio]);
  }
  return `${table.toString()}\n${remarks(measurement)}`;
}

function linesOf(measurement: Measurement): readonly Line[] {
  const { buckets, creation, restart, drift } = measurement;
  // The aims for memory and CPU are those of 1,000 objects.
  const share = buckets / 1000;
  return [
    { figure: "start to /readyz", value: measurement.startMs, unit: "ms", aim: 1000 },
    { figure: "memory idle", value: measurement.idleRssMb, unit: "MB", aim: 90 },
    { figure: "apply to all Ready", value: creation.wallSeconds, unit: "s" },
    { figure: "  CPU", value: creation.cpuSeconds, unit: "s", aim: 15 * share },
    { figure: "  provider calls per Bucket", value: creation.providerCalls / buckets, unit: "" },
    { figure: "  API requests per Bucket", value: creation.kubeRequests / buckets, unit: "" },
    { figure: "memory after it", value: measurement.rssMb, unit: "MB", aim: 110 },
    { figure: "memory at its peak", value: measurement.peakRssMb, unit: "MB" },
    { figure: "restart, all compared: CPU", value: restart.cpuSeconds, unit: "s" },
    { figure: "drift check, unchanged: CPU", value: drift.cpuSeconds, unit: "s" },
    { figure: "  provider calls per Bucket", value: drift.providerCalls / buckets, unit: "" },
    { figure: "  API writes", value: drift.kubeWrites, unit: "", aim: 0 },
  ];
}

function remarks({ creation, drift }: Measurement): string {
  const limited = (calls: number) => Math.max(0, (calls - DEFAULT_BURST) / DEFAULT_RATE);
  return `With the default limit of ${DEFAULT_RATE} requests a second to an account, the calls ` +
    `alone take ${rounded(limited(creation.providerCalls))} s, and those of a drift check ` +
    `${rounded(limited(drift.providerCalls))} s.\n`;
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
