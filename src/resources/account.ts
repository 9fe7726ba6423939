/**
 * From an object to the account that it lives in: its Provider, ready, with an IAM endpoint.
 */
import type { CustomResource } from "../api/common.ts";
import { keyOf } from "../api/key.ts";
import { NoIamEndpointError } from "../wasabi/iam_session.ts";
import type { Session } from "../wasabi/session.ts";
import type { Reference } from "./granted_reference.ts";
import { CredentialsError, type ProviderSessions } from "./provider_sessions.ts";
import { readinessProblem, type ReferenceLookup, resolveProvider } from "./reference.ts";

/** Reasons for which an account cannot be used; every kind that lives in one has them. */
export const accountReasons = {
  Pending: "The Provider was not tried yet.",
  ProviderNotFound: "The Provider does not exist in this namespace.",
  ProviderNotReady: "The Provider is not ready.",
  ReferenceNotAllowed: "What is referred to does not exist or does not allow this namespace.",
  ReferenceAllowedByPredecessor: "A reference that is not allowed is kept from the predecessor.",
  NoIamEndpoint: "The Provider names no IAM endpoint.",
  SecretNotFound: "A Secret of the Provider does not exist.",
  SecretKeyMissing: "A Secret of the Provider lacks a key.",
  SecretKeyEmpty: "A key in a Secret of the Provider is empty.",
} as const;

/** The account, or what is in the way. */
export type Account =
  | {
    readonly kind: "usable";
    readonly session: Session;
    /** Set when the reference is only kept because it worked before. */
    readonly warning: string | undefined;
  }
  | {
    readonly kind: "blocked";
    readonly reason: keyof typeof accountReasons;
    readonly message: string;
    /** What would wake the waiting object. */
    readonly on: string;
  };

/** How an account is looked for. */
export interface AccountOptions {
  readonly reference: Reference;
  readonly lookup: ReferenceLookup;
  readonly sessions: ProviderSessions;
  /** False for clean-up, which may try with a Provider that is not Ready, or lost its Secret. */
  readonly needsReady: boolean;
  /** The reference worked under the predecessor, which asked for no grant. */
  readonly workedBefore: boolean;
}

/**
 * Resolves the account of an object.
 *
 * @throws KubeError when a Secret of the Provider cannot be read
 */
export async function resolveAccount(
  object: CustomResource,
  options: AccountOptions,
): Promise<Account> {
  const reference = resolveProvider(object, options.reference, options);
  if (reference.kind === "problem") return { ...reference, kind: "blocked" };
  const { provider, spec, warning } = reference;
  const problem = options.needsReady ? readinessProblem(provider) : undefined;
  if (problem !== undefined) return { kind: "blocked", ...problem };
  const on = `Provider ${keyOf(provider)}`;
  try {
    const session = options.needsReady
      ? await options.sessions.get(provider, spec)
      : await options.sessions.getForCleanup(provider, spec);
    void session.iam;
    return { kind: "usable", session, warning };
  } catch (error) {
    if (error instanceof NoIamEndpointError) {
      const { name } = provider.metadata;
      const message = `Provider "${name}" names no IAM endpoint: set spec.iamEndpoint of it`;
      return { kind: "blocked", reason: "NoIamEndpoint", message, on };
    }
    if (!(error instanceof CredentialsError)) throw error;
    const message = `Provider "${provider.metadata.name}" has no credentials: ${error.message}`;
    return { kind: "blocked", reason: error.reason, message, on };
  }
}
