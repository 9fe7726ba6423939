/**
 * The canonical form of lifecycle rules, from and to the form of S3.
 *
 * S3 has three ways to say "objects under logs/": `Prefix`, `Filter.Prefix`, and `Filter.And` with
 * one member. Services answer another one than they were given.
 */
import type {
  LifecycleExpiration,
  LifecycleRule,
  LifecycleRuleAndOperator,
  LifecycleRuleFilter,
  NoncurrentVersionTransition,
  Transition,
} from "@aws-sdk/client-s3";
import { observedById } from "./rules_by_id.ts";

/** When something happens; dates are days as YYYY-MM-DD. */
export type Moment = { readonly days: number } | { readonly date: string };

/** Objects that a rule is about. */
export type Filter = {
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly objectSizeGreaterThan?: number;
  readonly objectSizeLessThan?: number;
};

/** When previous versions are deleted or moved. */
export type NoncurrentVersions = {
  readonly noncurrentDays: number;
  readonly newerNoncurrentVersions?: number;
};

/** What a rule does. */
export type Actions = {
  readonly expiration?: Moment | { readonly expiredObjectDeleteMarker: true };
  readonly noncurrentVersionExpiration?: NoncurrentVersions;
  readonly abortIncompleteMultipartUpload?: { readonly daysAfterInitiation: number };
  /** By storage class: a rule moves to each at most once. */
  readonly transitions?: Readonly<Record<string, Moment>>;
  /** By storage class. */
  readonly noncurrentVersionTransitions?: Readonly<Record<string, NoncurrentVersions>>;
};

/** One rule. */
export type Rule =
  & { readonly status: "Enabled" | "Disabled"; readonly filter: Filter }
  & Actions;

/** Rules by their ID. */
export type Lifecycle = Readonly<Record<"rules", Readonly<Record<string, Rule>>>>;

/** The canonical form of what a service answers. */
export function lifecycleOf(rules: readonly LifecycleRule[]): Lifecycle {
  return { rules: observedById(rules, ruleOf) };
}

/** What is sent to a service. */
export function lifecycleRules({ rules }: Lifecycle): readonly LifecycleRule[] {
  return Object.entries(rules).map(([id, rule]) => ({
    ID: id,
    Status: rule.status,
    Filter: sentFilter(rule.filter),
    ...sentActions(rule),
  }));
}

/** The day of a point in time, as YYYY-MM-DD in UTC. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** A number of versions to keep, if there is one. */
export function noncurrentVersions(
  noncurrentDays: number,
  newerNoncurrentVersions: number | undefined,
): NoncurrentVersions {
  return { noncurrentDays, ...(newerNoncurrentVersions && { newerNoncurrentVersions }) };
}

/** An object without its undefined and empty members. */
export function withoutEmpty<T extends object>(
  fields: { readonly [Key in keyof T]: T[Key] | undefined },
): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      value !== undefined && !(typeof value === "object" && Object.keys(value ?? {}).length === 0)
    ),
  ) as T;
}

function ruleOf(rule: LifecycleRule): Rule {
  const noncurrent = rule.NoncurrentVersionExpiration;
  const abort = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
  return {
    status: rule.Status === "Disabled" ? "Disabled" : "Enabled",
    filter: filterOf(rule),
    ...withoutEmpty<Actions>({
      expiration: expirationOf(rule.Expiration),
      noncurrentVersionExpiration: noncurrent &&
        noncurrentVersions(noncurrent.NoncurrentDays ?? 0, noncurrent.NewerNoncurrentVersions),
      abortIncompleteMultipartUpload: abort ? { daysAfterInitiation: abort } : undefined,
      transitions: Object.fromEntries((rule.Transitions ?? []).map(transitionOf)),
      noncurrentVersionTransitions: Object.fromEntries(
        (rule.NoncurrentVersionTransitions ?? []).map(noncurrentTransitionOf),
      ),
    }),
  };
}

function filterOf(rule: LifecycleRule): Filter {
  const { And, Tag, ...plain } = rule.Filter ?? {};
  const parts: LifecycleRuleAndOperator = { ...plain, ...And };
  const tags = [...(Tag ? [Tag] : []), ...(And?.Tags ?? [])];
  const { ObjectSizeGreaterThan: above, ObjectSizeLessThan: below } = parts;
  return {
    // The old place, which AWS still answers to who still uses it.
    prefix: parts.Prefix ?? rule.Prefix ?? "",
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
    ...(above !== undefined && { objectSizeGreaterThan: above }),
    ...(below !== undefined && { objectSizeLessThan: below }),
  };
}

function expirationOf(expiration: LifecycleExpiration = {}): Actions["expiration"] {
  if (expiration.Days) return { days: expiration.Days };
  if (expiration.Date) return { date: dayOf(expiration.Date) };
  return expiration.ExpiredObjectDeleteMarker ? { expiredObjectDeleteMarker: true } : undefined;
}

function transitionOf({ StorageClass, Days, Date }: Transition): [string, Moment] {
  return [StorageClass ?? "", Date ? { date: dayOf(Date) } : { days: Days ?? 0 }];
}

function noncurrentTransitionOf(
  transition: NoncurrentVersionTransition,
): [string, NoncurrentVersions] {
  const { StorageClass = "", NoncurrentDays = 0, NewerNoncurrentVersions } = transition;
  return [StorageClass, noncurrentVersions(NoncurrentDays, NewerNoncurrentVersions)];
}

/** One condition stands alone, several stand in `And`; services refuse it otherwise. */
function sentFilter(filter: Filter): LifecycleRuleFilter {
  const Tags = Object.entries(filter.tags).map(([Key, Value]) => ({ Key, Value }));
  const parts: LifecycleRuleAndOperator = {
    ...(filter.prefix !== "" && { Prefix: filter.prefix }),
    ...(Tags.length > 0 && { Tags }),
    ...(filter.objectSizeGreaterThan !== undefined &&
      { ObjectSizeGreaterThan: filter.objectSizeGreaterThan }),
    ...(filter.objectSizeLessThan !== undefined &&
      { ObjectSizeLessThan: filter.objectSizeLessThan }),
  };
  const count = Object.keys(parts).length + Math.max(0, Tags.length - 1);
  if (count === 0) return { Prefix: "" };
  if (count > 1) return { And: parts };
  const { Tags: _, ...plain } = parts;
  return Tags[0] === undefined ? plain : { Tag: Tags[0] };
}

function sentActions(rule: Actions): Omit<LifecycleRule, "Status"> {
  const { expiration, noncurrentVersionExpiration: noncurrent } = rule;
  return withoutEmpty<Omit<LifecycleRule, "Status">>(
    {
      Expiration: expiration && sentExpiration(expiration),
      NoncurrentVersionExpiration: noncurrent && sentNoncurrent(noncurrent),
      AbortIncompleteMultipartUpload: rule.abortIncompleteMultipartUpload && {
        DaysAfterInitiation: rule.abortIncompleteMultipartUpload.daysAfterInitiation,
      },
      Transitions: Object.entries(rule.transitions ?? {}).map(([StorageClass, moment]) => ({
        StorageClass: StorageClass as NonNullable<Transition["StorageClass"]>,
        ...sentMoment(moment),
      })),
      NoncurrentVersionTransitions: Object.entries(rule.noncurrentVersionTransitions ?? {})
        .map(([StorageClass, versions]) => ({
          StorageClass: StorageClass as NonNullable<NoncurrentVersionTransition["StorageClass"]>,
          ...sentNoncurrent(versions),
        })),
    } as { readonly [Key in keyof Omit<LifecycleRule, "Status">]: LifecycleRule[Key] | undefined },
  );
}

function sentExpiration(expiration: NonNullable<Actions["expiration"]>): LifecycleExpiration {
  return "expiredObjectDeleteMarker" in expiration
    ? { ExpiredObjectDeleteMarker: true }
    : sentMoment(expiration);
}

function sentMoment(moment: Moment): { Days: number } | { Date: Date } {
  return "days" in moment ? { Days: moment.days } : { Date: new Date(`${moment.date}T00:00:00Z`) };
}

function sentNoncurrent({ noncurrentDays, newerNoncurrentVersions }: NoncurrentVersions) {
  return {
    NoncurrentDays: noncurrentDays,
    ...(newerNoncurrentVersions !== undefined &&
      { NewerNoncurrentVersions: newerNoncurrentVersions }),
  };
}
