/**
 * Writes a managed policy; the only file of the kind that writes to the cloud, besides delete.ts.
 */
import { ProviderError } from "../../wasabi/error.ts";
import type { Iam } from "../../wasabi/iam_call.ts";
import {
  createPolicyVersion,
  deletePolicyVersion,
  listPolicyVersions,
  type PolicyVersion,
} from "../../wasabi/iam_policies.ts";

/** Most versions of one policy; Wasabi documents none, AWS these (wasabi §2.10). */
const MAX_VERSIONS = 5;

/**
 * Adds a version and makes it the default one, after the oldest other one made room for it.
 *
 * @throws ProviderError when the service fails or refuses
 */
export async function updatePolicy(
  iam: Iam,
  arn: string,
  { document }: { readonly document: string },
): Promise<void> {
  const versions = await listPolicyVersions(iam, arn);
  if (versions.length >= MAX_VERSIONS) await prune(iam, arn, versions);
  try {
    await createPolicyVersion(iam, arn, { document });
  } catch (error) {
    const isFull = error instanceof ProviderError && error.kind === "LimitExceeded";
    if (!isFull || versions.length >= MAX_VERSIONS) throw error;
    // A service with a lower limit.
    await prune(iam, arn, versions);
    await createPolicyVersion(iam, arn, { document });
  }
}

async function prune(iam: Iam, arn: string, versions: readonly PolicyVersion[]): Promise<void> {
  const oldest = versions.filter(({ isDefault }) => !isDefault).toSorted(byAge)[0];
  if (oldest !== undefined) await deletePolicyVersion(iam, arn, oldest);
}

/** By time, and by number where the service tells no time. */
function byAge(left: PolicyVersion, right: PolicyVersion): number {
  return left.createdAtMs - right.createdAtMs || numberOf(left) - numberOf(right);
}

function numberOf({ versionId }: PolicyVersion): number {
  return Number(versionId.replace(/^v/, ""));
}
