/**
 * Deletion and moves of objects by age. Without a rule, the setting is removed.
 */
import type { BucketSpec } from "../../../api/bucket.ts";
import { getLifecycle, putLifecycle } from "../../../wasabi/bucket_settings/rules.ts";
import {
  type Actions,
  dayOf,
  type Lifecycle,
  lifecycleOf,
  lifecycleRules,
  type Moment,
  noncurrentVersions,
  type Rule,
  withoutEmpty,
} from "./lifecycle_form.ts";
import { shortRetentionWarnings } from "./lifecycle_cost.ts";
import { type ConvertedRule, ruleField, rulesById } from "./rules_by_id.ts";
import type { ServiceProfile, Setting } from "./setting.ts";

type RuleSpec = NonNullable<NonNullable<BucketSpec["lifecycle"]>["rules"]>[number];

const FIELD = "lifecycle.rules";
/** Actions that not every service has, and the feature that each needs. */
const SPECIAL_ACTIONS = [
  ["abortIncompleteMultipartUpload", "lifecycle.abortIncompleteMultipartUpload"],
  ["transitions", "lifecycle.transitions"],
  ["noncurrentVersionTransitions", "lifecycle.transitions"],
] as const;

/** The setting `spec.lifecycle`. */
export const lifecycle: Setting<Lifecycle> = {
  field: "lifecycle",
  metric: "lifecycle",
  // It deletes objects: the predecessor may have failed to apply it for years.
  needsConsentAtTakeover: true,

  fresh: () => ({ rules: {} }),

  desired({ lifecycle }, service) {
    if (lifecycle === undefined) return undefined;
    const { rules, leftOut } = rulesById(lifecycle.rules ?? [], {
      field: FIELD,
      convert: (rule) => converted(rule, service),
    });
    return { value: { rules }, leftOut };
  },

  observe: async (s3, bucket) => lifecycleOf(await getLifecycle(s3, bucket)),

  write: (s3, bucket, value) => putLifecycle(s3, bucket, { rules: lifecycleRules(value) }),

  warnings: ({ lifecycle }, { type }) =>
    type === "wasabi" ? shortRetentionWarnings(lifecycle?.rules ?? []) : [],
};

function converted(rule: RuleSpec, service: ServiceProfile): ConvertedRule<Rule> {
  const field = ruleField(FIELD, rule.id);
  const why = whyInvalid(rule);
  if (why !== undefined) return { value: undefined, leftOut: [{ field, why }] };
  const leftOut = missingActions(rule, service);
  const missing = new Set(leftOut.map(({ name }) => name));
  const actions = Object.fromEntries(
    Object.entries(actionsOf(rule)).filter(([name]) => !missing.has(name)),
  );
  const isEmpty = Object.keys(actions).length === 0;
  const fields = leftOut.map(({ name, why }) => ({
    field: `${field}.${name}`,
    why: isEmpty ? `${why}; the rule does nothing else and is left out` : why,
  }));
  if (!isEmpty) {
    const value = { status: rule.status, filter: filterOf(rule), ...actions };
    return { value, leftOut: fields };
  }
  const nothing = [{ field, why: "it says nothing that is to be done" }];
  return { value: undefined, leftOut: fields.length > 0 ? fields : nothing };
}

interface MissingAction {
  readonly name: string;
  readonly why: string;
}

function missingActions(rule: RuleSpec, service: ServiceProfile): readonly MissingAction[] {
  return SPECIAL_ACTIONS.flatMap(([name, feature]) => {
    const support = service.supports(feature);
    if (support.kind !== "unsupported" || Object.keys(rule[name] ?? {}).length === 0) return [];
    return [{ name, why: support.why }];
  });
}

function filterOf({ prefix, filter = {} }: RuleSpec): Rule["filter"] {
  const { objectSizeGreaterThan, objectSizeLessThan } = filter;
  return {
    prefix: filter.prefix ?? prefix ?? "",
    tags: filter.tags ?? {},
    ...(objectSizeGreaterThan !== undefined && { objectSizeGreaterThan }),
    ...(objectSizeLessThan !== undefined && { objectSizeLessThan }),
  };
}

function actionsOf(rule: RuleSpec): Actions {
  const noncurrent = rule.noncurrentVersionExpiration;
  return withoutEmpty<Actions>({
    expiration: expirationOf(rule.expiration),
    noncurrentVersionExpiration: noncurrent &&
      noncurrentVersions(noncurrent.noncurrentDays, noncurrent.newerNoncurrentVersions),
    abortIncompleteMultipartUpload: rule.abortIncompleteMultipartUpload,
    transitions: Object.fromEntries(
      (rule.transitions ?? []).map((move) => [move.storageClass, momentOf(move)]),
    ),
    noncurrentVersionTransitions: Object.fromEntries(
      (rule.noncurrentVersionTransitions ?? []).map((move) => [
        move.storageClass,
        noncurrentVersions(move.noncurrentDays, move.newerNoncurrentVersions),
      ]),
    ),
  });
}

/** Of days and date, days counted for the predecessor. */
function expirationOf(expiration: RuleSpec["expiration"] = {}): Actions["expiration"] {
  const { days, date, expiredObjectDeleteMarker } = expiration;
  if (days !== undefined || date !== undefined) return momentOf({ days, date });
  return expiredObjectDeleteMarker ? { expiredObjectDeleteMarker } : undefined;
}

function momentOf(
  { days, date }: { readonly days?: number | undefined; readonly date?: string | undefined },
): Moment {
  if (days !== undefined || date === undefined) return { days: days ?? 0 };
  return { date: dayOf(new Date(midnight(date))) };
}

/** What no service would take, and the schema cannot say. */
function whyInvalid(rule: RuleSpec): string | undefined {
  const { expiration, transitions = [], noncurrentVersionTransitions = [] } = rule;
  const badDate = [expiration ?? {}, ...transitions]
    .flatMap(({ days, date }) => days === undefined && date !== undefined ? [date] : [])
    .find((date) => Number.isNaN(Date.parse(midnight(date))));
  if (badDate !== undefined) return `its date "${badDate}" is no day of the form YYYY-MM-DD`;
  const twice = repeatedIn(transitions) ?? repeatedIn(noncurrentVersionTransitions);
  return twice && `it moves to storage class "${twice}" twice`;
}

function repeatedIn(moves: readonly { readonly storageClass: string }[]): string | undefined {
  const names = moves.map(({ storageClass }) => storageClass);
  return names.find((name, index) => names.indexOf(name) !== index);
}

function midnight(date: string): string {
  return `${date.slice(0, 10)}T00:00:00Z`;
}
