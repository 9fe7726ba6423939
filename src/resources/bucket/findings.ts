/**
 * What differs between a bucket and its spec, and what may be done about each difference; pure.
 */
import type { Json } from "../../api/common.ts";
import { type Difference, differences, keepObserved, parsePath } from "../paths.ts";
import { isContested, isGivenUp } from "./memory.ts";
import type { PlanInput } from "./plan_input.ts";
import type { Setting, UnsupportedField } from "./settings/setting.ts";
import type { Target } from "./targets.ts";

/** What is done about a difference. */
export type Decision =
  | "Write"
  /** `drift.mode: Detect` writes nothing. */
  | "Detect"
  /** A setting of a bucket of the predecessor that could delete or expose data. */
  | "HoldBack"
  /** Somebody else has changed it back too often. */
  | "Contest"
  /** The service keeps another value than the one that was written. */
  | "GiveUp";

/** One setting that differs. */
export interface Finding {
  readonly setting: Setting;
  readonly desired: Json;
  readonly observed: Json;
  readonly differences: readonly Difference[];
  readonly decision: Decision;
}

/** The settings that differ, and those that can never be had. */
export interface Judgement {
  readonly findings: readonly Finding[];
  readonly unsupported: readonly UnsupportedField[];
}

/**
 * Compares every target with what the bucket has.
 *
 * @param observedOf value that the bucket has; undefined when it is not known
 */
export function judgeSettings(
  input: PlanInput,
  observedOf: (target: Target) => Json | undefined,
): Judgement {
  const findings: Finding[] = [];
  const unsupported: UnsupportedField[] = [];
  const paths = (input.spec.drift?.ignore ?? []).map(parsePath).filter((path) =>
    path !== undefined
  );
  for (const target of input.targets) {
    const observed = observedOf(target);
    if (observed === undefined) continue;
    const { setting } = target;
    const at = [setting.field];
    const desired = keepObserved(target.value, observed, { at, paths });
    const found = differences(desired, observed, { at });
    if (found.length === 0) continue;
    const impossible = setting.impossible?.(desired, observed, input.service);
    if (impossible !== undefined) {
      unsupported.push(impossible);
      continue;
    }
    const decision = decide({ setting, desired, observed }, input);
    findings.push({ setting, desired, observed, differences: found, decision });
  }
  return { findings, unsupported };
}

function decide(
  pair: Pick<Finding, "setting" | "desired" | "observed">,
  input: PlanInput,
): Decision {
  const { memory, nowMs } = input;
  const setting = pair.setting.field;
  if (input.spec.drift?.mode === "Detect") return "Detect";
  if (lacksConsent(pair.setting, input)) return "HoldBack";
  if (isGivenUp(memory, { ...pair, setting })) return "GiveUp";
  return input.settled && isContested(memory, setting, { nowMs }) ? "Contest" : "Write";
}

/** Consent is `adoptionPolicy: Adopt`, or that the setting was applied once. */
function lacksConsent(setting: Setting, { spec, status, takenOver }: PlanInput): boolean {
  if (setting.needsConsentAtTakeover !== true || spec.adoptionPolicy === "Adopt") return false;
  if (status.managedSettings?.includes(setting.field)) return false;
  return status.ownership === "Adopted" || (status.ownership === undefined && takenOver);
}
