/**
 * From what is and what should be to ordered steps, or the reason why not; pure.
 */
import type { BucketSpec } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import { type Finding, judgeSettings } from "./findings.ts";
import type { Ownership, PlanInput } from "./plan_input.ts";
import type { BucketReason } from "./reasons.ts";
import type { Setting, UnsupportedField } from "./settings/setting.ts";

/** One write. */
export type Step =
  /** Records the intention to create, so that a crash after the creation is understood. */
  | { readonly kind: "claim" }
  | { readonly kind: "create"; readonly objectLock: boolean }
  | { readonly kind: "setting"; readonly setting: Setting; readonly value: Json };

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
    /** Everything that differs, with what is done about it. */
    readonly findings: readonly Finding[];
    /** What the spec asks for and this bucket can never get. */
    readonly unsupported: readonly UnsupportedField[];
  }
  | ({ readonly kind: "refused" } & Refusal);

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
  const { spec, providerRegion, service } = input;
  const obstacle = lossOf(input) ?? detectOnly(spec);
  if (obstacle !== undefined) return obstacle;
  if (spec.region !== undefined && spec.region !== providerRegion) {
    return refused(
      "WrongRegion",
      `spec.region is "${spec.region}", and the Provider speaks to region "${providerRegion}": refer to a Provider of region "${spec.region}"`,
    );
  }
  const objectLock = spec.objectLock?.enabled === true &&
    service.supports("objectLock").kind !== "unsupported";
  const { findings, unsupported } = judgeSettings(input, ({ setting }) => {
    if (setting.field === "objectLock" && objectLock) return { enabled: true };
    if (setting.field === "versioning" && objectLock) return { enabled: true };
    return setting.fresh(service);
  });
  return {
    kind: "steps",
    steps: [{ kind: "claim" }, { kind: "create", objectLock }, ...writesOf(findings)],
    ownership: "Created",
    findings,
    unsupported,
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
  const { findings, unsupported } = judgeSettings(input, ({ setting }) => {
    const state = observed.settings.get(setting.field);
    return state?.kind === "observed" ? state.value : undefined;
  });
  return { kind: "steps", steps: writesOf(findings), ownership, findings, unsupported };
}

/** Undefined when nothing gives this object a right to the bucket. */
function ownershipOf(input: PlanInput): Ownership | undefined {
  const { ownership } = input.status;
  // A recorded intention without its end: the process died between creation and report.
  if (ownership === "Creating") return "Created";
  if (ownership !== undefined) return ownership;
  return input.takenOver || input.spec.adoptionPolicy === "Adopt" ? "Adopted" : undefined;
}

/** A bucket that held data is not made again in silence: its emptiness would look like health. */
function lossOf({ spec, status, takenOver }: PlanInput): Plan | undefined {
  const wasThere = takenOver || status.ownership === "Created" || status.ownership === "Adopted";
  const policy = spec.recreationPolicy ?? "IfEmpty";
  if (!wasThere || policy === "Always") return undefined;
  if (policy === "IfEmpty" && status.heldData === false) return undefined;
  const why = policy === "Never"
    ? "spec.recreationPolicy is Never"
    : status.heldData === true
    ? "it held objects"
    : "it may have held objects";
  return refused(
    "BucketLost",
    `Bucket "${spec.name}" is gone, and is not made again because ${why}: restore it, set spec.recreationPolicy: Always to have an empty one, or delete this object`,
  );
}

function detectOnly(spec: BucketSpec): Plan | undefined {
  if (spec.drift?.mode !== "Detect") return undefined;
  return refused(
    "BucketAbsent",
    `Bucket "${spec.name}" does not exist, and spec.drift.mode: Detect writes nothing: create it, or set another mode`,
  );
}

function writesOf(findings: readonly Finding[]): readonly Step[] {
  return findings.flatMap(({ decision, setting, desired }) =>
    decision === "Write" ? [{ kind: "setting", setting, value: desired } as const] : []
  );
}

function elsewhere(input: PlanInput, region: string | undefined): string {
  const where = region === undefined ? "another region" : `region "${region}"`;
  return `Bucket "${input.spec.name}" is in ${where}, and the Provider speaks to region "${input.providerRegion}": refer to a Provider of that region, or choose another spec.name`;
}

function refused(reason: BucketReason, message: string): Plan {
  return { kind: "refused", reason, message };
}
