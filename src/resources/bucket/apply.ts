/**
 * Executes one step; the only file of the kind that writes to the cloud, besides delete.ts.
 */
import { ProviderError } from "../../wasabi/error.ts";
import { createBucket, type S3 } from "../../wasabi/s3.ts";
import type { Refusal, Step } from "./plan.ts";
import type { Setting } from "./settings/setting.ts";

/** What a step did. */
export type Applied =
  | { readonly kind: "done" }
  /** The service lacks the feature. */
  | { readonly kind: "unsupported"; readonly setting: Setting; readonly code: string }
  /** The bucket turned out to be somebody else's. */
  | ({ readonly kind: "refused" } & Refusal);

/** Where a step is executed. */
export interface ApplyContext {
  readonly s3: S3;
  readonly bucket: string;
  /** Stores the intention to create in the object's status. */
  readonly claim: () => Promise<void>;
}

/**
 * Executes one step.
 *
 * @throws ProviderError when the service fails or refuses for another reason than the results name
 */
export async function apply(step: Step, context: ApplyContext): Promise<Applied> {
  switch (step.kind) {
    case "claim":
      await context.claim();
      return { kind: "done" };
    case "create":
      return await create(step, context);
    case "setting":
      return await write(step, context);
  }
}

/** The name was free a moment ago; if it is not now, somebody was faster, and it is not ours. */
async function create(
  { objectLock }: Extract<Step, { kind: "create" }>,
  { s3, bucket }: ApplyContext,
): Promise<Applied> {
  try {
    await createBucket(s3, bucket, { objectLock });
    return { kind: "done" };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === "NameTaken") {
      return {
        kind: "refused",
        reason: "BucketNameTaken",
        message:
          `The name "${bucket}" belongs to another customer of the service: choose another spec.name`,
      };
    }
    if (error.kind !== "OwnedByYou") throw error;
    return {
      kind: "refused",
      reason: "AdoptionRefused",
      message:
        `Bucket "${bucket}" was made by somebody else at the same moment: set spec.adoptionPolicy: Adopt to take it over, or choose another spec.name`,
    };
  }
}

async function write(
  { setting, value }: Extract<Step, { kind: "setting" }>,
  { s3, bucket }: ApplyContext,
): Promise<Applied> {
  try {
    await setting.write(s3, bucket, value);
    return { kind: "done" };
  } catch (error) {
    const unsupported = error instanceof ProviderError && error.kind === "Unsupported";
    if (!unsupported) throw error;
    return { kind: "unsupported", setting, code: error.code };
  }
}
