/**
 * Leader election by a Lease, with the rules and figures of client-go (runtime A6).
 *
 * Guarantee: `fence.check()` throws from the moment the renew deadline has passed, five seconds
 * before any other replica may take the lease.
 */
import { isConflict } from "../../kube/error.ts";
import type { Lease, LeaseClient } from "../../kube/leases.ts";
import { type Clock, delay, type Random } from "../../ops/clock.ts";
import type { Logger } from "../../ops/log.ts";
import { Fence } from "./fence.ts";
import {
  heldRecord,
  isHeldByOther,
  type LeaseDurations,
  releasedRecord,
  sight,
  type Sighting,
} from "./record.ts";

/** Options of {@link LeaderElector}. */
export interface LeaderElectorOptions {
  readonly lease: LeaseClient;
  /** Unique among all replicas, also after a restart. */
  readonly identity: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly durations: LeaseDurations;
  /** Told when this process begins or ceases to lead. */
  readonly onChange?: (leads: boolean) => void;
}

type Attempt =
  | { readonly kind: "held"; readonly lease: Lease }
  | {
    readonly kind: "other";
    /** When the lease runs out unless it is renewed. */
    readonly freeInMs: number;
  };

/**
 * A standby looks more often than the leader renews, by these shares of the retry period: what it
 * sees late of the last renewal is added to the lease. So 17 s after a kill somebody leads.
 */
const MAX_STANDBY_PAUSE = 0.85;
const STANDBY_JITTER = 0.15;

/** Standbys that wait for the same lease to run out do not all ask in the same moment. */
const MAX_STAMPEDE_MS = 200;

/** One candidate for one lease. */
export class LeaderElector {
  readonly fence: Fence;
  readonly #options: LeaderElectorOptions;
  readonly #lost = Promise.withResolvers<void>();
  readonly #end = new AbortController();
  #sighting: Sighting | undefined;
  #held: Lease | undefined;
  #renewing: Promise<void> | undefined;

  constructor(options: LeaderElectorOptions) {
    this.#options = options;
    this.fence = new Fence(options.clock, options.durations);
  }

  /** Resolves when leadership was lost without having been released. */
  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  /** Tries until this process leads, and goes on renewing from then on; false when stopped. */
  async acquire(stop: AbortSignal): Promise<boolean> {
    const { clock, random, durations, log } = this.#options;
    while (!stop.aborted) {
      // deno-lint-ignore no-await-in-loop
      const attempt = await this.#try();
      if (attempt?.kind === "held") {
        log.info("Elected as leader", { identity: this.#options.identity });
        this.#options.onChange?.(true);
        this.#renewing = this.#renew();
        return true;
      }
      const pauseMs = durations.retryMs * (MAX_STANDBY_PAUSE - STANDBY_JITTER * random());
      const freeInMs = attempt?.kind === "other" ? attempt.freeInMs : Infinity;
      // deno-lint-ignore no-await-in-loop
      await delay(clock, Math.min(pauseMs, freeInMs + MAX_STAMPEDE_MS * random()), { stop });
    }
    return false;
  }

  /** Gives the lease back, so that a standby takes over at once; the fence closes first. */
  async release(): Promise<void> {
    this.#end.abort();
    this.fence.close();
    await this.#renewing;
    const held = this.#held;
    if (held === undefined) return;
    this.#held = undefined;
    this.#options.onChange?.(false);
    const wallMs = this.#options.clock.now();
    try {
      await this.#options.lease.replace(held, releasedRecord(held.spec ?? {}, { wallMs }));
    } catch (error) {
      // A standby then waits until the lease has run out.
      this.#options.log.warning("Cannot release lease", { error });
    }
  }

  /** Until the end, or until no renewal has succeeded within the deadline. */
  async #renew(): Promise<void> {
    const { clock, durations } = this.#options;
    const stop = this.#end.signal;
    for (;;) {
      // deno-lint-ignore no-await-in-loop
      await delay(clock, durations.retryMs, { stop });
      if (stop.aborted) return;
      // deno-lint-ignore no-await-in-loop
      const attempt = await this.#try();
      if (stop.aborted) return;
      const late = this.fence.sinceRenewalMs >= durations.renewDeadlineMs;
      if (attempt?.kind !== "other" && !late) continue;
      this.#lose();
      return;
    }
  }

  #lose(): void {
    this.fence.close();
    this.#held = undefined;
    this.#options.log.error("Lost leadership", { identity: this.#options.identity });
    this.#options.onChange?.(false);
    this.#lost.resolve();
  }

  /** One try to acquire or renew; undefined when the API server did not answer. */
  async #try(): Promise<Attempt | undefined> {
    try {
      return this.#held === undefined ? await this.#take() : await this.#extend(this.#held);
    } catch (error) {
      this.#options.log.debug("Cannot use lease", { error });
      return undefined;
    }
  }

  async #take(): Promise<Attempt> {
    const { lease, clock, identity, durations } = this.#options;
    const stored = await lease.get();
    if (stored === undefined) return await this.#write(undefined);
    const nowMs = clock.monotonic();
    const spec = stored.spec ?? {};
    this.#sighting = sight(this.#sighting, { spec, nowMs });
    const self = { identity, nowMs, leaseMs: durations.leaseMs };
    if (!isHeldByOther(spec, this.#sighting, self)) return await this.#write(stored);
    return { kind: "other", freeInMs: this.#sighting.atMs + durations.leaseMs - nowMs };
  }

  /** Straight from what is held; only a conflict asks for a look. */
  async #extend(held: Lease): Promise<Attempt> {
    try {
      return await this.#write(held);
    } catch (error) {
      if (!isConflict(error)) throw error;
      return await this.#take();
    }
  }

  async #write(stored: Lease | undefined): Promise<Attempt> {
    const { lease, clock, identity, durations } = this.#options;
    const self = { identity, wallMs: clock.now(), leaseMs: durations.leaseMs };
    const record = heldRecord(stored?.spec, self);
    const sentAtMs = clock.monotonic();
    const written = stored === undefined
      ? await lease.create(record)
      : await lease.replace(stored, record);
    this.#held = written;
    if (!this.#end.signal.aborted) this.fence.renewed(sentAtMs);
    return { kind: "held", lease: written };
  }
}
