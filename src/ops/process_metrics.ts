/**
 * Facts about the process itself.
 *
 * prom-client's own collector reports wrong memory and no event-loop lag on Deno (runtime
 * A9.5), so these few are collected here.
 */
import { Gauge, type Registry } from "prom-client";
import type { Clock } from "./clock.ts";

/** Registers memory, CPU, start time and versions. */
export function registerProcessMetrics(
  registry: Registry,
  options: { readonly clock: Clock; readonly version: string },
): void {
  const registers = [registry];
  const startedAt = options.clock.now() / 1000;
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Resident memory in bytes",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  new Gauge({
    name: "process_heap_bytes",
    help: "Used JavaScript heap in bytes",
    registers,
    collect() {
      this.set(Deno.memoryUsage().heapUsed);
    },
  });
  new Gauge({
    name: "process_cpu_seconds_total",
    help: "User and system CPU time in seconds",
    registers,
    collect() {
      this.set(cpuSeconds());
    },
  });
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start of the process in seconds since 1970",
    registers,
  }).set(startedAt);
  new Gauge({
    name: "deno_build_info",
    help: "Always 1; the labels tell the versions",
    labelNames: ["version", "deno", "v8"] as const,
    registers,
  }).set({ version: options.version, deno: Deno.version.deno, v8: Deno.version.v8 }, 1);
}

/** From /proc, in hundredths of a second; 0 where that is not there. */
function cpuSeconds(): number {
  try {
    const stat = Deno.readTextFileSync("/proc/self/stat");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
