/**
 * What was read last from each Provider's Secrets, to clean up with once they are out of reach: a
 * deleted namespace takes away the Secrets first, or the Role by which they may be read.
 */
import type { Clock } from "../ops/clock.ts";
import type { ConnectionSettings } from "../wasabi/connection_settings.ts";

/** The part of an account's settings that is kept in Secrets. */
export interface AccountSecrets {
  readonly credentials: ConnectionSettings["credentials"];
  /** PEM, trusted besides the public authorities. */
  readonly caCertificate: string | undefined;
}

interface Entry {
  readonly secrets: AccountSecrets;
  /** When their loss was seen first, by the monotonic clock. */
  readonly lostAt: number | undefined;
}

/** Whoever takes a Secret away may expect that its key is not used for long. */
const KEPT_MS = 600_000;
const MAX_PROVIDERS = 500;

/** The latest secrets of each Provider, for ten minutes after they were lost. */
export class LastSecrets {
  readonly #clock: Clock;
  /** By uid of the Provider, the one that was read longest ago first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes what was just read. */
  remember(provider: string, secrets: AccountSecrets): void {
    this.#entries.delete(provider);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size < MAX_PROVIDERS) break;
      this.#entries.delete(oldest);
    }
    this.#entries.set(provider, { secrets, lostAt: undefined });
  }

  /** Notes that they cannot be read any more. */
  lose(provider: string): void {
    const entry = this.#entries.get(provider);
    if (entry === undefined || entry.lostAt !== undefined) return;
    this.#entries.set(provider, { ...entry, lostAt: this.#clock.monotonic() });
  }

  /** The latest secrets of a Provider, while they may be used. */
  get(provider: string): AccountSecrets | undefined {
    const entry = this.#entries.get(provider);
    const lostMs = entry?.lostAt === undefined ? 0 : this.#clock.monotonic() - entry.lostAt;
    if (lostMs < KEPT_MS) return entry?.secrets;
    this.#entries.delete(provider);
    return undefined;
  }

  /** Forgets a Provider that is gone. */
  forget(provider: string): void {
    this.#entries.delete(provider);
  }
}
