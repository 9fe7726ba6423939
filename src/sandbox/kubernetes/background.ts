/** Work of the built-in controllers: runs after the request that caused it, in order. */

/** A queue of jobs that empties itself before the event loop turns. */
export class Background {
  readonly #jobs = new Map<string, () => void>();
  #running = false;

  /** Runs `job` soon; a job with the same name that still waits is replaced. */
  schedule(name: string, job: () => void): void {
    this.#jobs.set(name, job);
    if (this.#running) return;
    this.#running = true;
    queueMicrotask(() => this.#drain());
  }

  #drain(): void {
    for (const [name, job] of this.#jobs) {
      this.#jobs.delete(name);
      job();
    }
    this.#running = false;
  }
}
