/**
 * Applies a plan and reads back, until what was read is in line or nothing new can be tried.
 */
import type { BucketContext } from "./context.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { type Applied, apply, type ApplyContext } from "./apply.ts";
import type { Observed } from "./observe.ts";
import type { Plan, Refusal, Step } from "./plan.ts";
import type { Setting } from "./settings/setting.ts";

/** A setting that the service answered not to have. */
export interface Refused {
  readonly setting: Setting;
  readonly code: string;
}

/** Where it ended. */
export type Settled =
  | {
    readonly kind: "settled";
    /** As read after the last write. */
    readonly observed: Observed;
    readonly plan: Extract<Plan, { kind: "steps" }>;
    /** Settings that were written in this pass. */
    readonly written: readonly Setting[];
    readonly refusals: readonly Refused[];
  }
  | ({ readonly kind: "refused" } & Refusal);

/** What settling needs. */
export interface SettleOptions {
  readonly target: ApplyContext;
  readonly context: BucketContext;
  readonly observe: () => Promise<Observed>;
  readonly planFor: (observed: Observed, ownership: StepsPlan["ownership"]) => Plan;
}

type StepsPlan = Extract<Plan, { kind: "steps" }>;

/**
 * A new bucket gets a second round: what it has from the start is an assumption, and the service
 * may have other defaults.
 */
const MAX_ROUNDS = 2;

/** Applies the plan; `Settled.plan` is what is still to be done after that. */
export async function settle(
  first: { readonly observed: Observed; readonly plan: StepsPlan },
  options: SettleOptions,
): Promise<Settled> {
  let { observed, plan } = first;
  const written = new Map<string, Setting>();
  const refusals: Refused[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const steps = plan.steps.filter((step) =>
      step.kind !== "setting" || !written.has(step.setting.field)
    );
    if (steps.length === 0) break;
    // deno-lint-ignore no-await-in-loop
    const result = await applyAll(steps, options);
    if (result.kind === "refused") return result;
    refusals.push(...result.refusals);
    for (const { setting } of steps.filter(isSetting)) written.set(setting.field, setting);
    // deno-lint-ignore no-await-in-loop
    observed = await options.observe();
    const next = options.planFor(observed, plan.ownership);
    if (next.kind === "refused") return next;
    plan = next;
  }
  const refused = new Set(refusals.map(({ setting }) => setting.field));
  const settings = [...written.values()].filter(({ field }) => !refused.has(field));
  return { kind: "settled", observed, plan, written: settings, refusals };
}

type AppliedAll =
  | { readonly kind: "done"; readonly refusals: readonly Refused[] }
  | Extract<Applied, { kind: "refused" }>;

/**
 * In order: a bucket must exist before it can be given a setting. A setting whose value the
 * service refuses does not keep the others from being applied; its error is thrown at the end.
 */
async function applyAll(steps: readonly Step[], options: SettleOptions): Promise<AppliedAll> {
  const refusals: Refused[] = [];
  const errors: ProviderError[] = [];
  for (const step of steps) {
    try {
      // deno-lint-ignore no-await-in-loop
      const result = await apply(step, options.target);
      if (result.kind === "refused") return result;
      if (result.kind === "unsupported") refusals.push(result);
      else note(step, options.context);
    } catch (error) {
      if (!(isSetting(step) && error instanceof ProviderError && isAboutValue(error))) throw error;
      errors.push(error);
    }
  }
  if (errors[0] !== undefined) throw errors[0];
  return { kind: "done", refusals };
}

function isSetting(step: Step): step is Extract<Step, { kind: "setting" }> {
  return step.kind === "setting";
}

function isAboutValue({ kind }: ProviderError): boolean {
  return kind === "Invalid" || kind === "AccessDenied";
}

function note(step: Step, { observer }: BucketContext): void {
  if (step.kind === "create") observer.operation("create", "success");
  if (step.kind === "setting") observer.operation(`update_${step.setting.metric}`, "success");
}
