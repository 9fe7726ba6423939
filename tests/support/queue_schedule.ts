/**
 * Plays random schedules of adds, takes and ends on a work queue, and records what it did.
 */
import fc from "fast-check";
import { type Ticket, WorkQueue, type WorkQueueOptions } from "../../src/queue/work_queue.ts";
import { FakeClock } from "./fake_clock.ts";

/** One step of a schedule. */
export type Step =
  | {
    readonly kind: "add";
    readonly key: string;
    readonly priority: number;
    readonly afterMs: number;
  }
  | { readonly kind: "take" }
  | { readonly kind: "done"; readonly index: number }
  | { readonly kind: "advance"; readonly ms: number };

/** What happened, in order. */
export type Happening =
  | { readonly kind: "add"; readonly at: number; readonly step: Extract<Step, { kind: "add" }> }
  | { readonly kind: "taken" | "done"; readonly at: number; readonly key: string };

const KEYS = ["a", "b", "c", "d", "e"];
const PRIORITIES = [-100, 0, 50, 100];

/** Any add: few keys, so that they meet. */
export const anyAdd = fc.record({
  kind: fc.constant("add" as const),
  key: fc.constantFrom(...KEYS),
  priority: fc.constantFrom(...PRIORITIES),
  afterMs: fc.constantFrom(0, 0, 0, 1, 5, 20, 1000),
});

/** Any schedule. */
export const anySchedule = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: anyAdd },
    { weight: 3, arbitrary: fc.constant({ kind: "take" as const }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("done" as const), index: fc.nat(4) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("advance" as const),
        ms: fc.constantFrom(1, 7, 30),
      }),
    },
  ),
  { minLength: 1, maxLength: 25 },
);

/** A queue, its clock, and what it handed out. */
export class QueueStage {
  readonly clock = new FakeClock();
  readonly queue: WorkQueue;
  readonly happened: Happening[] = [];
  readonly inHand: Ticket[] = [];
  #takers = 0;

  constructor(options: Partial<WorkQueueOptions> = {}) {
    this.queue = new WorkQueue({ clock: this.clock, random: () => 0.5, ...options });
  }

  /** Workers that wait for a key. */
  get takers(): number {
    return this.#takers;
  }

  take(): void {
    this.#takers++;
    this.queue.take().then((ticket) => {
      this.#takers--;
      if (ticket === undefined) return;
      this.inHand.push(ticket);
      this.happened.push({ kind: "taken", at: this.clock.monotonic(), key: ticket.key });
    });
  }

  add(step: Extract<Step, { kind: "add" }>): void {
    this.happened.push({ kind: "add", at: this.clock.monotonic(), step });
    this.queue.add(step.key, step);
  }

  end(index: number): void {
    const [ticket] = this.inHand.splice(index % Math.max(1, this.inHand.length), 1);
    if (ticket === undefined) return;
    this.happened.push({ kind: "done", at: this.clock.monotonic(), key: ticket.key });
    ticket.done();
  }

  /** Lets promises run. */
  async settle(): Promise<void> {
    // Two turns: a ticket's promise, and what hangs on it.
    await Promise.resolve();
    await Promise.resolve();
  }

  async play(schedule: readonly Step[]): Promise<void> {
    for (const step of schedule) {
      if (step.kind === "add") this.add(step);
      else if (step.kind === "take") this.take();
      else if (step.kind === "done") this.end(step.index);
      // A schedule is a sequence.
      // deno-lint-ignore no-await-in-loop
      else await this.clock.advance(step.ms);
      // deno-lint-ignore no-await-in-loop
      await this.settle();
    }
  }

  /** Works off everything that is left. */
  async finish(): Promise<void> {
    for (let turn = 0; turn < 100; turn++) {
      while (this.inHand.length > 0) this.end(0);
      if (this.takers === 0) this.take();
      // deno-lint-ignore no-await-in-loop
      await this.settle();
      if (this.inHand.length > 0) continue;
      if (this.clock.nextTimerInMs === undefined) return;
      // deno-lint-ignore no-await-in-loop
      await this.clock.advance(this.clock.nextTimerInMs);
      // deno-lint-ignore no-await-in-loop
      await this.settle();
    }
    throw new Error("The queue does not end");
  }
}
