/**
 * Reads an IAM user, and of what hangs on it only what the spec or the status names.
 */
import type { UserSpec } from "../../api/user.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { getUser, type IamUser, listUserTags, type Tags } from "../../wasabi/iam.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import { getUserPolicy, listAttachedUserPolicies } from "../../wasabi/iam_user_policies.ts";
import type { WantedPolicy } from "./resolve.ts";
import { inlinePolicyName } from "./taken_over.ts";

/** What was read, at one moment. */
export type Observed =
  | { readonly kind: "absent" }
  | {
    readonly kind: "present";
    readonly user: IamUser;
    /** JSON text of our inline policy; undefined when there is none. */
    readonly inline: string | undefined;
    readonly attached: readonly string[];
    /** Undefined when the spec names none, or the service has none. */
    readonly tags: Tags | undefined;
    /** Code of the service's answer to the question for tags. */
    readonly tagsUnsupported: string | undefined;
  };

/** Reads the user of a spec. */
export async function observe(
  iam: Iam,
  spec: UserSpec,
  { policy, attachedBefore }: {
    readonly policy: WantedPolicy;
    /** Managed policies that this object attached: where there are none, nothing is to detach. */
    readonly attachedBefore: readonly string[];
  },
): Promise<Observed> {
  const userName = spec.name;
  const user = await getUser(iam, userName);
  if (user === undefined) return { kind: "absent" };
  const asksForAttached = policy.kind === "managed" || attachedBefore.length > 0;
  const [inline, attached, tags] = await Promise.all([
    getUserPolicy(iam, { userName, policyName: inlinePolicyName(userName) }),
    asksForAttached ? listAttachedUserPolicies(iam, userName) : [],
    observeTags(iam, spec),
  ]);
  return {
    kind: "present",
    user,
    inline,
    attached,
    tags: tags.kind === "observed" ? tags.tags : undefined,
    tagsUnsupported: tags.kind === "unsupported" ? tags.code : undefined,
  };
}

type TagState =
  | { readonly kind: "observed"; readonly tags: Tags }
  | { readonly kind: "unmanaged" }
  | { readonly kind: "unsupported"; readonly code: string };

/** A service that lacks tags answers so; that is a fact about it and no failure. */
async function observeTags(iam: Iam, spec: UserSpec): Promise<TagState> {
  if (spec.tags === undefined) return { kind: "unmanaged" };
  try {
    return { kind: "observed", tags: await listUserTags(iam, spec.name) };
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === "Unsupported")) throw error;
    return { kind: "unsupported", code: error.code };
  }
}
