/** Options of {@link eventually}. */
export interface EventuallyOptions {
  /** How long to go on trying. @default 20_000 */
  readonly timeoutMs?: number;
  /** Pause between two tries. @default 50 */
  readonly intervalMs?: number;
}

/**
 * Calls `check` until it no longer throws.
 *
 * @returns what `check` returned.
 * @throws the last error of `check`, when the time is up.
 */
export async function eventually<T>(
  check: () => Promise<T> | T,
  { timeoutMs = 20_000, intervalMs = 50 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  while (true) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
