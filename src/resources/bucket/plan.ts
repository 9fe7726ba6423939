/**
 * From what is and what should be to ordered steps, or the reason why not; pure.
 */
import type { BucketSpec, BucketStatus } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import type { Observed } from "./observe.ts";
import type { BucketReason } from "./reasons.ts";
import type { Setting } from "./settings/setting.ts";

/** How the object came to its bucket. */
export type Ownership = NonNullable<BucketStatus["ownership"]>;

/** One write. */
export type Step =
  /** Records the intention to create, so that a crash after the creation is understood. */
  | { readonly kind: "claim" }
  | { readonly kind: "create" }
  | { readonly kind: "setting"; readonly setting: Setting; readonly desired: Json };

/** Why nothing may be done; the message names the field and the remedy. */
export interface Refusal {
  readonly reason: BucketReason;
  readonly message: string;
}

/** What to do. */
export type Plan =
  | {
    readonly kind: "steps";
    readonly steps: readonly Step[];
    /** How the object stands to the bucket once the steps are done. */
    readonly ownership: Ownership;
  }
  | ({ readonly kind: "refused" } & Refusal);

/** What a plan is made from. */
export interface PlanInput {
  readonly spec: BucketSpec;
  readonly observed: Observed;
  readonly settings: readonly Setting[];
  /** What the status says about the object's right to the bucket. */
  readonly ownership: Ownership | undefined;
  /** The predecessor handled this object and said that the bucket exists. */
  readonly takenOver: boolean;
  readonly providerRegion: string;
}

/** Decides what to do with a bucket. */
export function planBucket(input: PlanInput): Plan {
  const { spec, observed } = input;
  const { presence } = observed;
  switch (presence.kind) {
    case "forbidden":
      return refused(
        "BucketForbidden",
        `Bucket "${spec.name}" exists, and the key may not look at it: choose another spec.name, or grant the key its rights`,
      );
    case "elsewhere":
      return refused("WrongRegion", elsewhere(input, presence.region));
    case "absent":
      return planCreation(input);
    case "present":
      return planExisting(input, presence.region);
  }
}

function planCreation(input: PlanInput): Plan {
  const { spec, providerRegion } = input;
  if (spec.region !== undefined && spec.region !== providerRegion) {
    return refused(
      "WrongRegion",
      `spec.region is "${spec.region}", and the Provider speaks to region "${providerRegion}": refer to a Provider of region "${spec.region}"`,
    );
  }
  const writes = input.settings.flatMap((setting) =>
    writeUnlessEqual(setting, spec, setting.fresh)
  );
  return {
    kind: "steps",
    steps: [{ kind: "claim" }, { kind: "create" }, ...writes],
    ownership: "Created",
  };
}

function planExisting(input: PlanInput, region: string | undefined): Plan {
  const { spec, observed } = input;
  const ownership = ownershipOf(input);
  if (ownership === undefined) {
    return refused(
      "AdoptionRefused",
      `Bucket "${spec.name}" exists and was not made for this object: set spec.adoptionPolicy: Adopt to take it over, or choose another spec.name`,
    );
  }
  if (spec.region !== undefined && region !== undefined && spec.region !== region) {
    return refused(
      "WrongRegion",
      `Bucket "${spec.name}" is in region "${region}", and spec.region is "${spec.region}": create this object anew with the right region`,
    );
  }
  const steps = input.settings.flatMap((setting) => {
    const state = observed.settings.get(setting.field);
    return state?.kind === "observed" ? writeUnlessEqual(setting, spec, state.value) : [];
  });
  return { kind: "steps", steps, ownership };
}

/** Undefined when nothing gives this object a right to the bucket. */
function ownershipOf(input: PlanInput): Ownership | undefined {
  // A recorded intention without its end: the process died between creation and report.
  if (input.ownership === "Creating") return "Created";
  if (input.ownership !== undefined) return input.ownership;
  return input.takenOver || input.spec.adoptionPolicy === "Adopt" ? "Adopted" : undefined;
}

function writeUnlessEqual(setting: Setting, spec: BucketSpec, observed: Json): readonly Step[] {
  const desired = setting.desired(spec);
  if (desired === undefined || setting.equal(desired, observed)) return [];
  return [{ kind: "setting", setting, desired }];
}

function elsewhere(input: PlanInput, region: string | undefined): string {
  const where = region === undefined ? "another region" : `region "${region}"`;
  return `Bucket "${input.spec.name}" is in ${where}, and the Provider speaks to region "${input.providerRegion}": refer to a Provider of that region, or choose another spec.name`;
}

function refused(reason: BucketReason, message: string): Plan {
  return { kind: "refused", reason, message };
}
