/** Bad weather to order: a list of faults, each for the calls that it matches. */

/** What happens to a call that a fault meets. */
export type FaultEffect =
  /** Answered with this error, nothing is carried out. */
  | {
    readonly kind: "error";
    readonly status: number;
    readonly code: string;
    readonly message?: string;
    readonly headers?: Readonly<Record<string, string>>;
    /** Region element, as AuthorizationHeaderMalformed has it. */
    readonly region?: string;
    /** Endpoint element, as the redirects have it. */
    readonly endpoint?: string;
  }
  /** Accepted and never answered, until the faults are cleared or the server stops. */
  | { readonly kind: "silence" }
  /** The connection dies; nothing is carried out. */
  | { readonly kind: "reset" }
  /** Carried out and answered, later. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Carried out; then the connection dies instead of carrying the answer. */
  | { readonly kind: "lostAnswer" }
  /** Carried out; the connection dies after the head and half of the body, which is a text. */
  | { readonly kind: "truncated" };

/** A fault to be injected. */
export interface Fault {
  /** Which calls; all without it. */
  readonly match?: {
    readonly operation?: string | RegExp;
    /** S3 only. */
    readonly bucket?: string;
    /** IAM only: the UserName parameter. */
    readonly userName?: string;
  };
  /** Number of matching calls that pass first. @default 0 */
  readonly after?: number;
  /** Number of calls that it meets. @default 1 */
  readonly times?: number;
  readonly effect: FaultEffect;
}

/** What a call is about. */
export interface FaultTarget {
  readonly operation: string;
  readonly bucket?: string;
  readonly userName?: string;
}

interface ActiveFault {
  readonly fault: Fault;
  toPass: number;
  toMeet: number;
}

/** Faults that wait for their calls. */
export class S3Faults {
  readonly #onHangUp: () => void;
  readonly #active: ActiveFault[] = [];
  readonly #onClear = new Set<() => void>();

  /** @param onHangUp Called when a fault is injected that will end a connection. */
  constructor(onHangUp: () => void) {
    this.#onHangUp = onHangUp;
  }

  /** Whether a fault is waiting that will end a connection. */
  get willHangUp(): boolean {
    return this.#active.some(({ fault }) => isHangUp(fault.effect));
  }

  /** Adds a fault; of several that match a call, the one injected first meets it. */
  inject(fault: Fault): void {
    this.#active.push({ fault, toPass: fault.after ?? 0, toMeet: fault.times ?? 1 });
    if (isHangUp(fault.effect)) this.#onHangUp();
  }

  /** Number of faults that have not met all their calls. */
  get pending(): number {
    return this.#active.length;
  }

  /** Forgets all faults, and ends the connections of the calls that are met with silence. */
  clear(): void {
    this.#active.length = 0;
    for (const run of [...this.#onClear]) run();
    this.#onClear.clear();
  }

  /** Resolves at the next {@link clear}, or at once where `stop` fires. */
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

  /** What meets this call, which counts as one; called by the server only. */
  take(call: FaultTarget): FaultEffect | undefined {
    for (const [index, active] of this.#active.entries()) {
      if (!isMatch(active.fault, call)) continue;
      if (active.toPass > 0) {
        active.toPass -= 1;
        continue;
      }
      active.toMeet -= 1;
      if (active.toMeet <= 0) this.#active.splice(index, 1);
      return active.fault.effect;
    }
    return undefined;
  }
}

function isHangUp({ kind }: FaultEffect): boolean {
  return kind === "reset" || kind === "lostAnswer" || kind === "truncated";
}

function isMatch({ match = {} }: Fault, call: FaultTarget): boolean {
  const isOperation = match.operation === undefined ||
    (typeof match.operation === "string"
      ? match.operation === call.operation
      : match.operation.test(call.operation));
  return isOperation && (match.bucket === undefined || match.bucket === call.bucket) &&
    (match.userName === undefined || match.userName === call.userName);
}
