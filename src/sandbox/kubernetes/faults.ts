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

/** How often a fault meets a request. */
interface FaultCount {
  readonly match: FaultMatch;
  /** Matching requests that pass first. @default 0 */
  readonly after?: number;
  /** How many requests it meets. @default until it is taken back */
  readonly times?: number;
}

/** A refusal in place of an answer. */
export interface RefusalFault extends FaultCount {
  /** HTTP status. */
  readonly status: number;
  /** `reason` of the Status object. */
  readonly reason?: string;
  /** Sent as `Retry-After` and in the Status. */
  readonly retryAfterSeconds?: number;
}

/** What else happens to a request that a fault meets. */
export type FaultEffect =
  /** Carried out and answered, later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Not carried out and never answered, until the faults are cleared or the server stops. */
  | { readonly kind: "silence" }
  /** The connection dies; nothing is carried out. */
  | { readonly kind: "reset" }
  /** Carried out; then the connection dies instead of carrying the answer. */
  | { readonly kind: "lostAnswer" }
  /** Carried out; the connection dies in the middle of the answer's body. Not for watches. */
  | { readonly kind: "truncated" }
  /** 410 Expired: a watch gets it in its stream, any other request as its answer. */
  | { readonly kind: "expired" };

/** A fault other than a refusal. */
export interface Fault extends FaultCount {
  readonly effect: FaultEffect;
}

/** The switches. */
export interface KubernetesFaults {
  /**
   * Answers matching requests with an error; they have no effect. The oldest matching fault wins.
   *
   * @returns what takes this one fault back, such as the grant after a 403
   */
  fail(fault: RefusalFault): () => void;
  /** As `fail`, with another effect. */
  inject(fault: Fault): () => void;
  /** Ends the current watches; `midLine` writes half a JSON line and ends the connection. */
  cutWatches(options: { readonly midLine: boolean; readonly path?: RegExp }): void;
  /** Ends the current watches with an ERROR event 410 Expired. */
  expireWatches(): void;
  /** Keeps the current watches open but delivers nothing any more, not even bookmarks. */
  silenceWatches(path?: RegExp): void;
  /** The next `times` WatchLists lack the bookmark that ends the initial events. */
  withholdInitialEventsEnd(times: number): void;
  /**
   * Takes back `fail`, `inject` and `withholdInitialEventsEnd`, and ends the connections of the
   * requests that are met with silence; watches that were broken stay broken.
   */
  clear(): void;
}

/** What the server does about a request: everything above, or a refusal. */
export type OrderedEffect = FaultEffect | { readonly kind: "refusal"; readonly error: StatusError };

interface ArmedFault {
  readonly match: FaultMatch;
  readonly effect: OrderedEffect;
  toPass: number;
  toMeet: number;
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
  readonly #onHangUp: () => void;
  readonly #onClear = new Set<() => void>();
  #armed: ArmedFault[] = [];

  /** @param options.onHangUp Called when a fault is injected that will end a connection. */
  constructor(options: { readonly watching: Watching; readonly onHangUp: () => void }) {
    this.#watching = options.watching;
    this.#onHangUp = options.onHangUp;
  }

  /** Whether a fault is waiting that will end a connection. */
  get willHangUp(): boolean {
    return this.#armed.some(({ effect }) => isHangUp(effect));
  }

  fail(fault: RefusalFault): () => void {
    const { status, reason = "", retryAfterSeconds } = fault;
    const error = new StatusError(status, {
      reason,
      message: `Refused by a fault of the sandbox: ${status} ${reason}`.trimEnd(),
      details: retryAfterSeconds === undefined ? {} : { retryAfterSeconds },
    });
    return this.#arm(fault, { kind: "refusal", error });
  }

  inject(fault: Fault): () => void {
    const takeBack = this.#arm(fault, fault.effect);
    if (isHangUp(fault.effect)) this.#onHangUp();
    return takeBack;
  }

  cutWatches(options: { readonly midLine: boolean; readonly path?: RegExp }): void {
    for (const stream of this.#watching.open(options.path)) {
      if (options.midLine) stream.breakLine();
      else stream.end();
    }
  }

  expireWatches(): void {
    for (const stream of this.#watching.open()) stream.fail(expiredByFault().toObject());
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
    for (const run of [...this.#onClear]) run();
    this.#onClear.clear();
  }

  /** Resolves at the next `clear`, or at once where `stop` fires. */
  cleared(stop: AbortSignal): Promise<void> {
    if (stop.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        this.#onClear.delete(done);
        stop.removeEventListener("abort", done);
        resolve();
      };
      this.#onClear.add(done);
      stop.addEventListener("abort", done, { once: true });
    });
  }

  /** What meets this request, if anything; counts it. */
  take(
    request: { readonly method: string; readonly path: string; readonly isWatch: boolean },
  ): OrderedEffect | undefined {
    for (const armed of this.#armed) {
      if (!matches(armed.match, request)) continue;
      if (armed.toPass > 0) {
        armed.toPass -= 1;
        continue;
      }
      armed.toMeet -= 1;
      if (armed.toMeet <= 0) this.#armed = this.#armed.filter((other) => other !== armed);
      return armed.effect;
    }
    return undefined;
  }

  #arm({ match, after = 0, times = Infinity }: FaultCount, effect: OrderedEffect): () => void {
    const armed = { match, effect, toPass: after, toMeet: times };
    this.#armed.push(armed);
    return () => {
      this.#armed = this.#armed.filter((other) => other !== armed);
    };
  }
}

/** The 410 of the switches. */
export function expiredByFault(): StatusError {
  return new StatusError(410, {
    reason: "Expired",
    message: "The resourceVersion for the provided watch is too old.",
  });
}

function isHangUp({ kind }: OrderedEffect): boolean {
  return ["silence", "reset", "lostAnswer", "truncated"].includes(kind);
}
