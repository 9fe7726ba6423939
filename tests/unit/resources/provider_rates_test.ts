import { assertEquals } from "@std/assert";
import type { Provider, ProviderSpec } from "../../../src/api/provider.ts";
import { Redactor } from "../../../src/ops/redact.ts";
import type { Rate } from "../../../src/ops/token_bucket.ts";
import {
  ProviderSessions,
  type ProviderSessionsOptions,
} from "../../../src/resources/provider_sessions.ts";
import type { ConnectionSettings } from "../../../src/wasabi/connection_settings.ts";
import { aProvider, type TestObject } from "../../support/builders.ts";
import { FakeClock } from "../../support/fake_clock.ts";

const DEFAULT: Rate = { perSecond: 50, burst: 100 };
const IAM: Rate = { perSecond: 5, burst: 8 };

/** The rates with which a session of a Provider would be opened: of S3, and of IAM. */
async function ratesOf(
  options: { readonly rateLimit?: TestObject; readonly defaultIamRate?: Rate },
): Promise<readonly Rate[]> {
  let settings: ConnectionSettings | undefined;
  const data = { "access-key": btoa("a"), "secret-key": btoa("s") };
  const sessions = new ProviderSessions({
    client: { get: () => Promise.resolve({ data }) },
    sessions: {
      get: async (_version: unknown, load: () => Promise<ConnectionSettings>) => {
        settings = await load();
      },
    },
    secret: () => undefined,
    redactor: new Redactor(),
    clock: new FakeClock(),
    defaultRate: DEFAULT,
    defaultIamRate: options.defaultIamRate,
  } as unknown as ProviderSessionsOptions);
  const auth = {
    accessKeySecretRef: { name: "credentials", key: "access-key" },
    secretKeySecretRef: { name: "credentials", key: "secret-key" },
  };
  const provider: Provider = aProvider("main", { auth, rateLimit: options.rateLimit });
  await sessions.get(provider, provider.spec as ProviderSpec);
  return [settings!.s3Rate, settings!.iamRate];
}

Deno.test("IAM requests go by the rate of S3 where the operator has none for them", async () => {
  assertEquals(await ratesOf({}), [DEFAULT, DEFAULT]);
});

Deno.test("the operator's rate of IAM is for IAM alone", async () => {
  assertEquals(await ratesOf({ defaultIamRate: IAM }), [DEFAULT, IAM]);
});

Deno.test("a Provider's own limit goes before the operator's, each for its service", async () => {
  const rateLimit = { iam: { requestsPerSecond: 2 } };
  assertEquals(await ratesOf({ rateLimit, defaultIamRate: IAM }), [
    DEFAULT,
    { perSecond: 2, burst: 4 },
  ]);
  assertEquals(await ratesOf({ rateLimit: { s3: { burst: 9 } }, defaultIamRate: IAM }), [
    { perSecond: 50, burst: 9 },
    IAM,
  ]);
});
