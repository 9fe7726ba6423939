/**
 * From a Provider to a session: reads its Secrets and keeps the session while neither the
 * Provider nor a Secret has changed.
 */
import type { KubeObject } from "../api/common.ts";
import { type ObjectKey, objectKey } from "../api/key.ts";
import type { Provider, ProviderSpec } from "../api/provider.ts";
import type { KubeClient } from "../kube/client.ts";
import { isNotFound, KubeError } from "../kube/error.ts";
import { SECRETS } from "../kube/resource.ts";
import type { Clock } from "../ops/clock.ts";
import type { Redactor } from "../ops/redact.ts";
import type { Rate } from "../ops/token_bucket.ts";
import type { ConnectionSettings } from "../wasabi/connection_settings.ts";
import { endpointOf } from "../wasabi/endpoint.ts";
import type { Session } from "../wasabi/session.ts";
import type { Sessions } from "../wasabi/sessions.ts";
import { type AccountSecrets, LastSecrets } from "./last_secrets.ts";

/** The credentials of a Provider cannot be read; the message names field and remedy. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
  readonly reason: "SecretNotFound" | "SecretKeyMissing" | "SecretKeyEmpty";

  constructor(reason: CredentialsError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Options of {@link ProviderSessions}. */
export interface ProviderSessionsOptions {
  readonly client: KubeClient;
  readonly sessions: Sessions;
  /** Metadata of a Secret as watched; its resource version is part of the session's key. */
  readonly secret: (key: ObjectKey) => KubeObject | undefined;
  readonly redactor: Redactor;
  readonly clock: Clock;
  /** Rate of S3 requests where the Provider names none. */
  readonly defaultRate: Rate;
  /** Rate of IAM requests where the Provider names none. @default the one of S3 */
  readonly defaultIamRate?: Rate | undefined;
}

/** IAM is global, and signed for this region whatever the bucket's is (wasabi §0). */
const IAM_REGION = "us-east-1";

type RateLimit = NonNullable<NonNullable<ProviderSpec["rateLimit"]>["iam"]>;

interface SecretField {
  readonly field: string;
  readonly name: string;
  readonly key: string;
}

interface Secret extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Endpoint of a Provider: given, or made from its region. */
export function providerEndpoint(spec: ProviderSpec): string {
  return spec.endpoint ?? endpointOf(spec.region);
}

/** Keys of the Secrets that a Provider refers to; for the index that wakes it. */
export function secretKeysOf(provider: Provider): readonly ObjectKey[] {
  const spec = provider.spec as Partial<ProviderSpec> | undefined;
  const names = [
    spec?.auth?.accessKeySecretRef?.name,
    spec?.auth?.secretKeySecretRef?.name,
    spec?.auth?.sessionTokenSecretRef?.name,
    spec?.tls?.caCertSecretRef?.name,
  ].filter((name) => name !== undefined);
  return [...new Set(names)].map((name) => objectKey(provider.metadata.namespace, name));
}

/** Sessions of Providers. */
export class ProviderSessions {
  readonly #options: ProviderSessionsOptions;
  readonly #last: LastSecrets;

  constructor(options: ProviderSessionsOptions) {
    this.#options = options;
    this.#last = new LastSecrets(options.clock);
  }

  /**
   * The session of a Provider.
   *
   * @throws CredentialsError when a Secret or one of its keys is missing or empty
   * @throws KubeError when a Secret cannot be read for another reason
   */
  get(provider: Provider, spec: ProviderSpec): Promise<Session> {
    const secretVersions = secretKeysOf(provider).map((key) =>
      this.#options.secret(key)?.metadata.resourceVersion ?? "none"
    );
    return this.#session(provider, secretVersions, async () => {
      const secrets = await this.#readSecrets(provider, spec).catch((error) => {
        if (isOutOfReach(error)) this.#last.lose(provider.metadata.uid);
        throw error;
      });
      this.#last.remember(provider.metadata.uid, secrets);
      return this.#settingsOf(provider, spec, secrets);
    });
  }

  /**
   * The session of a Provider for cleaning up: a deleted namespace takes the Secret away first, or
   * the Role by which it may be read; what was in it last does for ten minutes.
   *
   * @throws as {@link ProviderSessions.get} where nothing is known
   */
  async getForCleanup(provider: Provider, spec: ProviderSpec): Promise<Session> {
    try {
      return await this.get(provider, spec);
    } catch (error) {
      const last = isOutOfReach(error) ? this.#last.get(provider.metadata.uid) : undefined;
      if (last === undefined) throw error;
      return await this.#session(
        provider,
        ["lost"],
        () => Promise.resolve(this.#settingsOf(provider, spec, last)),
      );
    }
  }

  /** Forgets a Provider that is gone. */
  forget(provider: Provider): void {
    this.#options.sessions.forget(provider.metadata.uid);
    this.#last.forget(provider.metadata.uid);
  }

  #session(
    { metadata }: Provider,
    secretVersions: readonly string[],
    load: () => Promise<ConnectionSettings>,
  ): Promise<Session> {
    const versions = [metadata.generation, ...secretVersions].join("/");
    return this.#options.sessions.get({ provider: metadata.uid, versions }, load);
  }

  async #readSecrets(provider: Provider, spec: ProviderSpec): Promise<AccountSecrets> {
    const namespace = provider.metadata.namespace ?? "default";
    const read = new SecretReader(this.#options.client, namespace);
    const { accessKeySecretRef, secretKeySecretRef, sessionTokenSecretRef } = spec.auth;
    const accessKeyId = await read.value({
      field: "spec.auth.accessKeySecretRef",
      ...accessKeySecretRef,
    });
    const secretAccessKey = await read.value({
      field: "spec.auth.secretKeySecretRef",
      ...secretKeySecretRef,
    });
    const token = sessionTokenSecretRef?.name;
    const sessionToken = token === undefined ? undefined : await read.value({
      field: "spec.auth.sessionTokenSecretRef",
      name: token,
      key: sessionTokenSecretRef?.key ?? "session-token",
    });
    const authority = spec.tls?.caCertSecretRef?.name;
    const caCertificate = authority === undefined ? undefined : await read.value({
      field: "spec.tls.caCertSecretRef",
      name: authority,
      key: spec.tls?.caCertSecretRef?.key ?? "ca.crt",
    });
    this.#options.redactor.add(secretAccessKey, sessionToken);
    const credentials = {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    };
    return { credentials, caCertificate };
  }

  #settingsOf(
    provider: Provider,
    spec: ProviderSpec,
    { credentials, caCertificate }: AccountSecrets,
  ): ConnectionSettings {
    return {
      claimant: provider.metadata.uid,
      endpoint: providerEndpoint(spec),
      region: spec.region,
      pathStyle: spec.pathStyle,
      credentials,
      tls: {
        insecureSkipVerify: spec.tls?.insecureSkipVerify ?? false,
        ...(caCertificate === undefined ? {} : { caCertificate }),
      },
      retry: {
        maxAttempts: spec.retry?.maxAttempts ?? 3,
        backoffStrategy: spec.retry?.backoffStrategy ?? "exponential",
      },
      s3Rate: rateOf(spec.rateLimit?.s3, this.#options.defaultRate),
      iamRate: rateOf(
        spec.rateLimit?.iam,
        this.#options.defaultIamRate ?? this.#options.defaultRate,
      ),
      ...(spec.iamEndpoint === undefined
        ? {}
        : { iam: { endpoint: spec.iamEndpoint, region: spec.iamRegion ?? IAM_REGION } }),
    };
  }
}

function isOutOfReach(error: unknown): boolean {
  if (error instanceof KubeError) return error.code === 403;
  return error instanceof CredentialsError && error.reason === "SecretNotFound";
}

function rateOf(limit: RateLimit | undefined, fallback: Rate): Rate {
  const perSecond = limit?.requestsPerSecond ?? fallback.perSecond;
  const burst = limit?.burst ??
    (limit?.requestsPerSecond === undefined ? fallback.burst : 2 * perSecond);
  return { perSecond, burst };
}

/** Reads Secrets of one namespace live, each once. */
class SecretReader {
  readonly #client: KubeClient;
  readonly #namespace: string;
  readonly #read = new Map<string, Promise<Secret | undefined>>();

  constructor(client: KubeClient, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  /** The trimmed text under a key: a trailing newline is a common slip and breaks signatures. */
  async value(wanted: SecretField): Promise<string> {
    const secret = await this.#get(wanted.name);
    if (secret === undefined) {
      throw new CredentialsError(
        "SecretNotFound",
        `Secret "${wanted.name}" of ${wanted.field} does not exist in namespace "${this.#namespace}": ` +
          `create it with the key "${wanted.key}", or change ${wanted.field}.name`,
      );
    }
    const encoded = secret.data?.[wanted.key];
    if (encoded === undefined) {
      throw new CredentialsError(
        "SecretKeyMissing",
        `Secret "${wanted.name}" has no key "${wanted.key}": add it, or change ${wanted.field}.key`,
      );
    }
    const text = new TextDecoder().decode(Uint8Array.from(atob(encoded), (c) => c.charCodeAt(0)))
      .trim();
    if (text !== "") return text;
    throw new CredentialsError(
      "SecretKeyEmpty",
      `Key "${wanted.key}" of Secret "${wanted.name}" is empty: fill it, or change ${wanted.field}.key`,
    );
  }

  #get(name: string): Promise<Secret | undefined> {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const reading = this.#client.get<Secret>(SECRETS, { namespace: this.#namespace, name })
      .catch((error) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    this.#read.set(name, reading);
    return reading;
  }
}
