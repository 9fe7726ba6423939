/** Switches for bad weather: what a test can make the server do wrong. */

import { StatusError } from "./status_error.ts";
import type { Watching } from "./watching.ts";

/** Which requests a fault meets; an absent field matches all. */
export interface FaultMatch {
  readonly method?: string;
  readonly path?: RegExp;
  /** True for watches only, false for all others only. */
  readonly watch?: boolean;
}

/** A refusal in place of an answer. */
export interface RefusalFault {
  readonly match: FaultMatch;
  /** HTTP status. */
  readonly status: number;
  /** `reason` of the Status object. */
  readonly reason?: string;
  /** Sent as `Retry-After` and in the Status. */
  readonly retryAfterSeconds?: number;
  /** How many requests it meets. @default until `clear` */
  readonly times?: number;
}

/** The switches. */
export interface KubernetesFaults {
  /** Answers matching requests with an error; they have no effect. The oldest matching fault wins. */
  fail(fault: RefusalFault): void;
  /** Ends the current watches; `midLine` writes half a JSON line and breaks the connection. */
  cutWatches(options: { readonly midLine: boolean; readonly path?: RegExp }): void;
  /** Ends the current watches with an ERROR event 410 Expired. */
  expireWatches(): void;
  /** Keeps the current watches open but delivers nothing any more, not even bookmarks. */
  silenceWatches(path?: RegExp): void;
  /** The next `times` WatchLists lack the bookmark that ends the initial events. */
  withholdInitialEventsEnd(times: number): void;
  /** Takes back `fail` and `withholdInitialEventsEnd`; watches that were broken stay broken. */
  clear(): void;
}

interface ArmedFault {
  readonly fault: RefusalFault;
  remaining: number;
}

function matches(
  match: FaultMatch,
  request: { readonly method: string; readonly path: string; readonly isWatch: boolean },
): boolean {
  return (match.method === undefined || match.method === request.method) &&
    (match.path === undefined || match.path.test(request.path)) &&
    (match.watch === undefined || match.watch === request.isWatch);
}

/** The switches, wired to the open watches. */
export class Faults implements KubernetesFaults {
  readonly #watching: Watching;
  #armed: ArmedFault[] = [];

  constructor(options: { readonly watching: Watching }) {
    this.#watching = options.watching;
  }

  fail(fault: RefusalFault): void {
    this.#armed.push({ fault, remaining: fault.times ?? Infinity });
  }

  cutWatches(options: { readonly midLine: boolean; readonly path?: RegExp }): void {
    for (const stream of this.#watching.open(options.path)) {
      if (options.midLine) stream.breakLine();
      else stream.end();
    }
  }

  expireWatches(): void {
    for (const stream of this.#watching.open()) {
      stream.fail(
        new StatusError(410, {
          reason: "Expired",
          message: "The resourceVersion for the provided watch is too old.",
        }).toObject(),
      );
    }
  }

  silenceWatches(path?: RegExp): void {
    for (const stream of this.#watching.open(path)) stream.silence();
  }

  withholdInitialEventsEnd(times: number): void {
    this.#watching.withholdEnds(times);
  }

  clear(): void {
    this.#armed = [];
    this.#watching.withholdEnds(0);
  }

  /** The refusal that meets this request, if any; counts it. */
  take(
    request: { readonly method: string; readonly path: string; readonly isWatch: boolean },
  ): StatusError | undefined {
    const armed = this.#armed.find(({ fault }) => matches(fault.match, request));
    if (armed === undefined) return undefined;
    armed.remaining -= 1;
    if (armed.remaining <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
    const { status, reason = "", retryAfterSeconds } = armed.fault;
    return new StatusError(status, {
      reason,
      message: `Refused by a fault of the sandbox: ${status} ${reason}`.trimEnd(),
      details: retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    });
  }
}
