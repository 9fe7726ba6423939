/**
 * What the kernel says about one process.
 */

/** CPU time and memory of a process. */
export interface ProcessFigures {
  /** User and system. */
  readonly cpuSeconds: number;
  readonly rssMb: number;
  /** The most that it ever had. */
  readonly peakRssMb: number;
}

/** Ticks of /proc in a second: the same on every Linux that Deno runs on. */
const TICKS = 100;

/** Reads /proc of a process; only on Linux. */
export async function figuresOf(pid: number): Promise<ProcessFigures> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS,
    rssMb: megabytes(status, "VmRSS"),
    peakRssMb: megabytes(status, "VmHWM"),
  };
}

function megabytes(status: string, name: string): number {
  const kibibytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1];
  if (kibibytes === undefined) throw new Error(`Cannot read memory of process: no "${name}"`);
  return Number(kibibytes) * 1024 / 1e6;
}
