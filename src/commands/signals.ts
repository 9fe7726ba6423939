/**
 * Stop signals as promises.
 */

/** The first signal, and the one after it. */
export interface Signals {
  readonly first: Promise<Deno.Signal>;
  readonly second: Promise<Deno.Signal>;
  /** Lets the default handling take over again. */
  release(): void;
}

/** Listens for stop signals. */
export function untilSignal(names: readonly Deno.Signal[]): Signals {
  const arrivals = [
    Promise.withResolvers<Deno.Signal>(),
    Promise.withResolvers<Deno.Signal>(),
  ] as const;
  let count = 0;
  const listeners = names.map((name) => {
    const listener = () => arrivals[Math.min(count++, 1)]?.resolve(name);
    Deno.addSignalListener(name, listener);
    return () => Deno.removeSignalListener(name, listener);
  });
  return {
    first: arrivals[0].promise,
    second: arrivals[1].promise,
    release: () => listeners.forEach((release) => release()),
  };
}
