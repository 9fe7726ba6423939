/**
 * What holds: the keys and policies that requests are judged by.
 *
 * IAM's answers show a change at once, its effect comes later (wasabi.md §4.5). So effects wait
 * here, in the order in which they were made, until their time has come.
 */
import type { Clock } from "../../ops/clock.ts";
import type { PolicyDocument } from "../policy/document.ts";
import type { AccessKey } from "../s3/keys.ts";

/** Changes one thing that holds. */
export type EnforcedChange = (target: EnforcedFacts) => void;

/** The maps that a change works on. */
export interface EnforcedFacts {
  /** By access key id. */
  readonly keys: Map<string, AccessKey>;
  /** By user id. */
  readonly policies: Map<string, readonly PolicyDocument[]>;
}

/** Beyond this, what was made first holds early: a wait must not grow without end. */
const MAX_WAITING = 10_000;

interface Waiting {
  readonly holdsAt: number;
  readonly change: EnforcedChange;
}

/** Keys and policies that hold now. */
export class Enforced {
  readonly #clock: Clock;
  readonly #facts: EnforcedFacts = { keys: new Map(), policies: new Map() };
  #waiting: Waiting[] = [];
  /** How long a change takes to hold. */
  propagationMs: number;

  constructor(clock: Clock, propagationMs: number) {
    this.#clock = clock;
    this.propagationMs = propagationMs;
  }

  /** What holds now. */
  get facts(): EnforcedFacts {
    const now = this.#clock.monotonic();
    const due = this.#waiting.filter(({ holdsAt }) => holdsAt <= now);
    if (due.length > 0) this.#waiting = this.#waiting.filter(({ holdsAt }) => holdsAt > now);
    for (const { change } of due) change(this.#facts);
    return this.#facts;
  }

  /** Makes a change that will hold. */
  later(change: EnforcedChange): void {
    this.#waiting.push({ holdsAt: this.#clock.monotonic() + this.propagationMs, change });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()?.change(this.#facts);
    void this.facts;
  }

  /** Makes a change that holds at once. */
  now(change: EnforcedChange): void {
    change(this.facts);
  }
}
