/**
 * Random lifecycles, the ways in which a spec and a service can say them, and changes of meaning.
 */
import type { LifecycleRule, LifecycleRuleFilter, Tag } from "@aws-sdk/client-s3";
import fc from "fast-check";
import {
  type Actions,
  type Lifecycle,
  lifecycleRules,
  type Rule,
  withoutEmpty,
} from "../../src/resources/bucket/settings/lifecycle_form.ts";
import type { Choices } from "./rewriting.ts";

const day = fc.integer({ min: 1, max: 20_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10));
const days = fc.integer({ min: 1, max: 5_000 });
const moment = fc.oneof(fc.record({ days }), fc.record({ date: day }));
const text = fc.string({ maxLength: 8 });
const storageClass = fc.constantFrom("STANDARD_IA", "GLACIER", "DEEP_ARCHIVE");
const noncurrent = fc.record({
  noncurrentDays: days,
  newerNoncurrentVersions: fc.integer({ min: 1, max: 100 }),
}, { requiredKeys: ["noncurrentDays"] });
const size = fc.integer({ min: 1, max: 1e12 });

const filter = fc.record({
  prefix: text,
  tags: fc.dictionary(text, text, { maxKeys: 3 }),
  objectSizeGreaterThan: size,
  objectSizeLessThan: size,
}, { requiredKeys: ["prefix", "tags"] });

const actions = fc.record({
  expiration: fc.oneof(moment, fc.constant({ expiredObjectDeleteMarker: true as const })),
  noncurrentVersionExpiration: noncurrent,
  abortIncompleteMultipartUpload: fc.record({ daysAfterInitiation: days }),
  transitions: fc.dictionary(storageClass, moment, { maxKeys: 3 }),
  noncurrentVersionTransitions: fc.dictionary(storageClass, noncurrent, { maxKeys: 3 }),
}, { requiredKeys: [] })
  .map((made) => withoutEmpty<Actions>(made as never))
  .filter((made) => Object.keys(made).length > 0);

const rule: fc.Arbitrary<Rule> = fc.tuple(
  fc.constantFrom("Enabled" as const, "Disabled" as const),
  filter,
  actions,
).map(([status, filter, made]) => ({ status, filter, ...made }));

/** Lifecycles in the canonical form. */
export const anyLifecycle: fc.Arbitrary<Lifecycle> = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 8 }),
  rule,
  { maxKeys: 4 },
).map((rules) => ({ rules }));

/** The `lifecycle` of a spec that means it; one of several. */
export function specOfLifecycle({ rules }: Lifecycle, choices: Choices): unknown {
  return {
    rules: choices.shuffled(Object.entries(rules)).map(([id, rule]) => {
      const { filter, transitions, noncurrentVersionTransitions, ...rest } = rule;
      const { prefix, ...others } = filter;
      const isOld = choices.coin();
      return {
        id,
        ...rest,
        ...(isOld && (prefix !== "" || choices.coin()) && { prefix }),
        filter: {
          ...others,
          ...(!isOld && (prefix !== "" || choices.coin()) && { prefix }),
        },
        ...(transitions && { transitions: moves(transitions, choices) }),
        ...(noncurrentVersionTransitions && {
          noncurrentVersionTransitions: moves(noncurrentVersionTransitions, choices),
        }),
      };
    }),
  };
}

/** The answer of a service that means it; one of several. */
export function answerOfLifecycle(lifecycle: Lifecycle, choices: Choices): LifecycleRule[] {
  return choices.shuffled(lifecycleRules(lifecycle)).map((rule) => ({
    ...rule,
    ...rewrittenFilter(rule.Filter ?? {}, choices),
    ...(rule.Expiration && {
      Expiration: {
        ...(choices.coin() && { ExpiredObjectDeleteMarker: false }),
        ...rule.Expiration,
      },
    }),
    ...(rule.Transitions && { Transitions: choices.shuffled(rule.Transitions) }),
    ...(rule.Transitions === undefined && choices.coin() && { Transitions: [] }),
  }));
}

function rewrittenFilter(
  filter: LifecycleRuleFilter,
  choices: Choices,
): Pick<LifecycleRule, "Filter" | "Prefix"> {
  const { And, Tag, ...plain } = filter;
  const parts = { ...plain, ...And };
  const tags: Tag[] = [...(Tag ? [Tag] : []), ...(And?.Tags ?? [])];
  const { Prefix, ...sizes } = parts;
  const isPrefixOnly = tags.length === 0 && Object.keys({ ...sizes, Tags: [] }).length === 1;
  if (isPrefixOnly && choices.coin()) {
    return { Filter: undefined, Prefix: Prefix ?? "" };
  }
  if (isPrefixOnly && !Prefix && choices.coin()) return { Filter: {} };
  if (!choices.coin()) return { Filter: filter };
  return { Filter: { And: { ...parts, Tags: choices.shuffled(tags) } } };
}

function moves(map: Readonly<Record<string, object>>, choices: Choices): readonly unknown[] {
  return choices.shuffled(Object.entries(map)).map(([name, when]) => ({
    ...when,
    storageClass: name,
  }));
}

/** The same lifecycle but for one thing. */
export function mutatedLifecycle({ rules }: Lifecycle, choices: Choices): Lifecycle {
  const entries = Object.entries(rules);
  const added: Rule = {
    status: "Enabled",
    filter: { prefix: "", tags: {} },
    expiration: { days: 1 },
  };
  if (entries.length === 0) return { rules: { "new": added } };
  const at = choices.below(entries.length);
  const [id, rule] = entries[at]!;
  const others = Object.fromEntries(entries.filter((_, index) => index !== at));
  switch (choices.below(4)) {
    case 0:
      return { rules: others };
    case 1:
      return { rules: { ...others, [`${id}, another that no other rule has`]: rule } };
    case 2:
      return { rules: { ...rules, "one that no other rule is called": added } };
    default:
      return { rules: { ...rules, [id]: mutatedRule(rule, choices) } };
  }
}

function mutatedRule(rule: Rule, choices: Choices): Rule {
  const { filter } = rule;
  const mutations: readonly (() => Rule)[] = [
    () => ({ ...rule, status: rule.status === "Enabled" ? "Disabled" : "Enabled" }),
    () => ({ ...rule, filter: { ...filter, prefix: `${filter.prefix}/` } }),
    () => ({ ...rule, filter: { ...filter, tags: { ...filter.tags, "another tag": "" } } }),
    () => ({
      ...rule,
      filter: { ...filter, objectSizeLessThan: (filter.objectSizeLessThan ?? 0) + 1 },
    }),
    () => ({ ...rule, expiration: laterThan(rule.expiration) }),
    () => ({
      ...rule,
      noncurrentVersionExpiration: {
        noncurrentDays: (rule.noncurrentVersionExpiration?.noncurrentDays ?? 0) + 1,
      },
    }),
    () => ({
      ...rule,
      abortIncompleteMultipartUpload: {
        daysAfterInitiation: (rule.abortIncompleteMultipartUpload?.daysAfterInitiation ?? 0) + 1,
      },
    }),
    () => ({ ...rule, transitions: { ...rule.transitions, INTELLIGENT_TIERING: { days: 1 } } }),
  ];
  return choices.pick(mutations)();
}

function laterThan(expiration: Rule["expiration"]): NonNullable<Rule["expiration"]> {
  if (expiration === undefined) return { days: 1 };
  if ("days" in expiration) return { days: expiration.days + 1 };
  return "date" in expiration ? { days: 1 } : { date: "2031-01-31" };
}
