/**
 * Facts about the process itself.
 *
 * prom-client's own collector reports wrong memory and no event-loop lag on Deno (runtime
 * A9.5), so these few are collected here.
 */
import process from "node:process";
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

/** Not from /proc, which Deno opens only to a program that may do everything. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
