/**
 * What services answered not to have, per Provider: learnt while Buckets are worked on, kept in
 * the Provider's status, and tried again after a day.
 */
import type { Feature } from "../api/features.ts";
import type { Provider, ProviderSpec, ProviderStatus } from "../api/provider.ts";
import { features } from "../api/features.ts";
import type { Clock } from "../ops/clock.ts";
import { describeRefusal, documentedSupport, type Support } from "../wasabi/capabilities.ts";

/** One entry of `status.capabilities`. */
export type Capability = NonNullable<ProviderStatus["capabilities"]>[number];

/** A server that was upgraded is noticed after this time. */
const KEPT_MS = 24 * 3_600_000;

interface Answer {
  readonly code: string;
  readonly atMs: number;
}

/** Refusals by Provider and feature; bounded by the number of Providers and features. */
export class Refusals {
  readonly #clock: Clock;
  readonly #onLearned: (provider: Provider) => void;
  /** By uid and generation: another endpoint or type is another service. */
  readonly #answers = new Map<string, Map<Feature, Answer>>();

  constructor(clock: Clock, onLearned: (provider: Provider) => void) {
    this.#clock = clock;
    this.#onLearned = onLearned;
  }

  /** Remembers that a service answered `code` to a call for a feature. */
  learn(provider: Provider, refusal: { readonly feature: Feature; readonly code: string }): void {
    const key = keyOf(provider);
    this.forget(provider, { exceptKey: key });
    const known = this.#answers.get(key) ?? new Map<Feature, Answer>();
    if (known.get(refusal.feature)?.code === refusal.code) return;
    known.set(refusal.feature, { code: refusal.code, atMs: this.#clock.now() });
    this.#answers.set(key, known);
    this.#onLearned(provider);
  }

  /** What is known about a feature: the service's answer first, then what is documented. */
  support(provider: Provider, spec: ProviderSpec, feature: Feature): Support {
    const answer = this.#answerOf(provider, feature);
    if (answer === undefined) return documentedSupport(spec.type, feature);
    const why = describeRefusal(spec.type, { feature, code: answer.code });
    return { kind: "unsupported", why };
  }

  /** Everything that is known, for the status. */
  capabilities(provider: Provider, spec: ProviderSpec): readonly Capability[] {
    return features.map((feature): Capability => {
      const answer = this.#answerOf(provider, feature);
      if (answer !== undefined) {
        const checkedAt = new Date(answer.atMs).toISOString();
        return {
          feature,
          state: "Unsupported",
          evidence: "Answered",
          code: answer.code,
          checkedAt,
        };
      }
      const state = STATES[documentedSupport(spec.type, feature).kind];
      return { feature, state, evidence: "Documented" };
    });
  }

  /** Forgets a Provider. */
  forget(provider: Provider, { exceptKey }: { readonly exceptKey?: string } = {}): void {
    for (const key of this.#answers.keys()) {
      if (key.startsWith(`${provider.metadata.uid} `) && key !== exceptKey) {
        this.#answers.delete(key);
      }
    }
  }

  #answerOf(provider: Provider, feature: Feature): Answer | undefined {
    const answer = this.#answers.get(keyOf(provider))?.get(feature) ?? stored(provider, feature);
    return answer !== undefined && answer.atMs > this.#clock.now() - KEPT_MS ? answer : undefined;
  }
}

const STATES = {
  supported: "Supported",
  unknown: "Unknown",
  unsupported: "Unsupported",
} as const satisfies Record<Support["kind"], Capability["state"]>;

function keyOf({ metadata }: Provider): string {
  return `${metadata.uid} ${metadata.generation}`;
}

/** From the status, if that was written for the present spec. */
function stored({ metadata, status }: Provider, feature: Feature): Answer | undefined {
  if (status?.observedGeneration !== metadata.generation) return undefined;
  const entry = status?.capabilities?.find((capability) => capability.feature === feature);
  if (entry?.evidence !== "Answered" || entry.checkedAt === undefined) return undefined;
  return { code: entry.code ?? "Unknown", atMs: Date.parse(entry.checkedAt) };
}
