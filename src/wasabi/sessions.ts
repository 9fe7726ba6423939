/**
 * Sessions of all Providers, kept while nothing about them has changed.
 */
import type { CacheEvent } from "../ops/ttl_cache.ts";
import { TtlCache } from "../ops/ttl_cache.ts";
import { Budgets } from "./budget.ts";
import type { ConnectionSettings } from "./connection_settings.ts";
import { Session, type SessionEnvironment } from "./session.ts";

/** Options of {@link Sessions}. */
export interface SessionsOptions extends SessionEnvironment {
  readonly onCacheEvent?: (event: CacheEvent) => void;
}

const TTL_MS = 600_000;
const MAX_SESSIONS = 500;
/** A session that left the cache may still carry calls for at most a pass's limit. */
const RETIREMENT_MS = 180_000;

interface Kept {
  readonly provider: string;
  readonly session: Session;
}

interface Retired extends Kept {
  readonly at: number;
}

/** A bounded cache of sessions, and the budgets that outlive them. */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #cache: TtlCache<string, Kept>;
  readonly #budgets: Budgets;
  #retired: Retired[] = [];

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#budgets = new Budgets(options.clock);
    this.#cache = new TtlCache({
      clock: options.clock,
      ttlMs: TTL_MS,
      maxEntries: MAX_SESSIONS,
      ...(options.onCacheEvent === undefined ? {} : { onEvent: options.onCacheEvent }),
      dispose: (kept) => this.#retired.push({ ...kept, at: options.clock.monotonic() }),
    });
  }

  /**
   * The session stored under `version`, or a new one.
   *
   * @param version names the Provider and every version that the settings were read from, so
   * that a change of any of them makes the old session unreachable at once
   */
  async get(
    version: { readonly provider: string; readonly versions: string },
    load: () => Promise<ConnectionSettings>,
  ): Promise<Session> {
    const key = `${version.provider} ${version.versions}`;
    const known = this.#cache.get(key);
    if (known !== undefined) return known.session;
    const settings = await load();
    const limit = this.#options.clock.monotonic() - RETIREMENT_MS;
    this.#closeRetired(({ at }) => at <= limit);
    this.#cache.deleteWhere((other) => other.startsWith(`${version.provider} `));
    const session = new Session(settings, this.#claim(settings), this.#options);
    this.#cache.set(key, { provider: version.provider, session });
    return session;
  }

  /** Forgets a Provider that is gone, which nothing needs any more; calls in flight fail. */
  forget(provider: string): void {
    this.#cache.deleteWhere((key) => key.startsWith(`${provider} `));
    this.#closeRetired((retired) => retired.provider === provider);
    this.#budgets.release(provider);
  }

  /** Closes all sessions; calls in flight fail. */
  close(): void {
    this.#cache.clear();
    this.#closeRetired(() => true);
  }

  #claim({ claimant, credentials, endpoint, iam, s3Rate, iamRate }: ConnectionSettings) {
    const { accessKeyId } = credentials;
    const accounts = {
      s3: `${endpoint} ${accessKeyId} s3`,
      iam: `${iam?.endpoint ?? "none"} ${accessKeyId} iam`,
    };
    this.#budgets.release(claimant, Object.values(accounts));
    return {
      s3: this.#budgets.claim(accounts.s3, claimant, s3Rate),
      iam: this.#budgets.claim(accounts.iam, claimant, iamRate),
    };
  }

  #closeRetired(isOver: (retired: Retired) => boolean): void {
    const over = this.#retired.filter(isOver);
    this.#retired = this.#retired.filter((retired) => !over.includes(retired));
    for (const { session } of over) session.close();
  }
}
