/**
 * A session of the operator with the embedded S3 service, or with any address.
 */
import { systemClock } from "../../../src/ops/clock.ts";
import { TokenBucket } from "../../../src/ops/token_bucket.ts";
import { startSandboxS3 } from "../../../src/sandbox/s3/server.ts";
import type { ConnectionSettings } from "../../../src/wasabi/connection_settings.ts";
import type { S3 } from "../../../src/wasabi/s3.ts";
import { Session, type SessionEnvironment } from "../../../src/wasabi/session.ts";

/** Settings of an account; `overrides` go before. */
export function settingsFor(
  endpoint: string,
  overrides: Partial<ConnectionSettings> = {},
): ConnectionSettings {
  return {
    claimant: "provider-uid",
    endpoint,
    region: "us-east-1",
    pathStyle: true,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-secret" },
    tls: { insecureSkipVerify: false },
    retry: { maxAttempts: 1, backoffStrategy: "exponential" },
    s3Rate: { perSecond: 1_000, burst: 1_000 },
    iamRate: { perSecond: 1_000, burst: 1_000 },
    ...overrides,
  };
}

/** A session with its own budget. */
export function startSession(
  settings: ConnectionSettings,
  environment: Partial<SessionEnvironment> = {},
) {
  const clock = environment.clock ?? systemClock;
  const budget = new TokenBucket(settings.s3Rate, clock);
  const iam = new TokenBucket(settings.iamRate, clock);
  const session = new Session(settings, { s3: budget, iam }, {
    clock,
    random: () => 0.5,
    connectTimeoutMs: 500,
    requestTimeoutMs: 300,
    ...environment,
  });
  const stop = new AbortController();
  return {
    session,
    budget,
    stop,
    s3: { session, signal: stop.signal } satisfies S3,
    [Symbol.dispose]: () => session.close(),
  };
}

/** The embedded service and a session of its first account. */
export async function startService(
  overrides: Partial<ConnectionSettings> = {},
  environment: Partial<SessionEnvironment> = {},
) {
  const service = await startSandboxS3({ clock: systemClock });
  const { accessKeyId, secretAccessKey } = service;
  const own = startSession(
    settingsFor(service.url, { credentials: { accessKeyId, secretAccessKey }, ...overrides }),
    environment,
  );
  return {
    ...own,
    service,
    async [Symbol.asyncDispose]() {
      own.session.close();
      await service.stop();
    },
  };
}
