/**
 * Which settings a pass is about, and what each should be; pure.
 */
import type { BucketSpec, BucketStatus } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import type { ServiceProfile, Setting, UnsupportedField } from "./settings/setting.ts";

/** One setting and the value that it should have. */
export interface Target {
  readonly setting: Setting;
  readonly value: Json;
  /** Whether the spec names it, or it has left the spec and is given back. */
  readonly origin: "spec" | "reset";
}

/** What a pass is about. */
export interface Targets {
  readonly targets: readonly Target[];
  /** What the spec asks for and this service is known not to do. */
  readonly unsupported: readonly UnsupportedField[];
}

/** What the choice depends on. */
export interface TargetsInput {
  readonly spec: BucketSpec;
  readonly status: BucketStatus | undefined;
  readonly settings: readonly Setting[];
  readonly service: ServiceProfile;
}

/** Chooses the settings that the spec names, and those that left it and are to be reset. */
export function chooseTargets(input: TargetsInput): Targets {
  const targets: Target[] = [];
  const unsupported: UnsupportedField[] = [];
  for (const setting of input.settings) {
    const wanted = setting.desired(input.spec, input.service);
    const support = input.service.supports(setting.field);
    if (wanted !== undefined && support.kind === "unsupported") {
      unsupported.push({ field: setting.field, why: support.why });
    } else if (wanted !== undefined) {
      targets.push({ setting, value: wanted.value, origin: "spec" });
      unsupported.push(...wanted.leftOut);
    } else if (isToBeReset(setting, input)) {
      targets.push({ setting, value: setting.fresh(input.service), origin: "reset" });
    }
  }
  return { targets, unsupported };
}

function isToBeReset(setting: Setting, { spec, status }: TargetsInput): boolean {
  return spec.onFieldRemoval === "Reset" &&
    (status?.managedSettings ?? []).includes(setting.field);
}
