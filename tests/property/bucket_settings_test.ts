/**
 * Settings are compared by meaning: what is said otherwise is equal, what is changed is not.
 */
import type { CORSRule } from "@aws-sdk/client-s3";
import { assert } from "@std/assert";
import fc from "fast-check";
import type { BucketSpec } from "../../src/api/bucket.ts";
import { sameJson } from "../../src/control/json.ts";
import {
  type Cors,
  cors,
  corsOf,
  type CorsRule,
} from "../../src/resources/bucket/settings/cors.ts";
import { lifecycle } from "../../src/resources/bucket/settings/lifecycle.ts";
import { lifecycleOf } from "../../src/resources/bucket/settings/lifecycle_form.ts";
import type { Setting } from "../../src/resources/bucket/settings/setting.ts";
import { tagging } from "../../src/resources/bucket/settings/tagging.ts";
import { aService } from "../unit/resources/fixture.ts";
import {
  answerOfLifecycle,
  anyLifecycle,
  mutatedLifecycle,
  specOfLifecycle,
} from "./lifecycle_forms.ts";
import { Choices } from "./rewriting.ts";

const PAIRS = { numRuns: 10_000 };
const service = aService("aws");
const seed = fc.integer();

function desired<Value>(setting: unknown, spec: unknown): Value {
  const wanted = (setting as Setting).desired(spec as BucketSpec, service);
  return wanted?.value as Value;
}

Deno.test("10,000 lifecycles equal what spec and service can say for them, and no other", () => {
  fc.assert(
    fc.property(anyLifecycle, seed, (value, number) => {
      const choices = new Choices(number);
      const spec = { lifecycle: specOfLifecycle(value, choices) };
      const observed = lifecycleOf(answerOfLifecycle(value, choices));
      assert(sameJson(desired(lifecycle, spec), observed));
      assert(sameJson(value, observed));
      const other = mutatedLifecycle(value, choices);
      assert(!sameJson(value, lifecycleOf(answerOfLifecycle(other, choices))));
      assert(!sameJson(desired(lifecycle, { lifecycle: specOfLifecycle(other, choices) }), value));
    }),
    PAIRS,
  );
});

const word = fc.stringMatching(/^[a-z*-]{1,6}$/);
const words = fc.uniqueArray(word, { maxLength: 4 }).map((list) => list.toSorted());
const corsRule: fc.Arbitrary<CorsRule> = fc.record({
  allowedOrigins: words,
  allowedMethods: fc.subarray(["DELETE", "GET", "HEAD", "POST", "PUT"]),
  allowedHeaders: words,
  exposedHeaders: words,
  maxAgeSeconds: fc.integer({ min: 0, max: 100_000 }),
});
const anyCors: fc.Arbitrary<Cors> = fc.record({ rules: fc.array(corsRule, { maxLength: 4 }) });

function specOfCors({ rules }: Cors, choices: Choices): unknown {
  return {
    rules: rules.map((rule) => ({
      allowedOrigins: choices.repeated(rule.allowedOrigins),
      allowedMethods: choices.repeated(rule.allowedMethods),
      allowedHeaders: choices.repeated(rule.allowedHeaders).map((name) => choices.cased(name)),
      exposedHeaders: choices.repeated(rule.exposedHeaders).map((name) => choices.cased(name)),
      maxAgeSeconds: rule.maxAgeSeconds,
    })),
  };
}

function answerOfCors({ rules }: Cors, choices: Choices): CORSRule[] {
  return rules.map((rule, index) => ({
    ...(choices.coin() && { ID: `rule-${index}` }),
    AllowedOrigins: choices.repeated(rule.allowedOrigins),
    AllowedMethods: choices.repeated(rule.allowedMethods),
    ...(rule.allowedHeaders.length + choices.below(2) > 0 && {
      AllowedHeaders: choices.repeated(rule.allowedHeaders).map((name) => choices.cased(name)),
    }),
    ...(rule.exposedHeaders.length + choices.below(2) > 0 && {
      ExposeHeaders: choices.repeated(rule.exposedHeaders).map((name) => choices.cased(name)),
    }),
    ...(rule.maxAgeSeconds + choices.below(2) > 0 && { MaxAgeSeconds: rule.maxAgeSeconds }),
  }));
}

function mutatedCors({ rules }: Cors, choices: Choices): Cors {
  const at = choices.below(rules.length);
  const rule = rules[at];
  const added = { ...rules[0], allowedOrigins: ["https://new.example"] } as CorsRule;
  if (rule === undefined || choices.below(6) === 0) {
    return { rules: [...rules, { ...EMPTY_RULE, ...added }] };
  }
  const mutations: readonly (() => CorsRule[])[] = [
    () => [],
    () => [{ ...rule, allowedOrigins: [...rule.allowedOrigins, "https://new.example"] }],
    () => [{ ...rule, allowedHeaders: [...rule.allowedHeaders, "x-new-header"] }],
    () => [{ ...rule, exposedHeaders: [...rule.exposedHeaders, "x-new-header"] }],
    () => [{ ...rule, maxAgeSeconds: rule.maxAgeSeconds + 1 }],
    () => [{ ...rule, allowedMethods: toggled(rule.allowedMethods, "GET") }],
  ];
  return { rules: rules.toSpliced(at, 1, ...choices.pick(mutations)()) };
}

const EMPTY_RULE: CorsRule = {
  allowedOrigins: [],
  allowedMethods: [],
  allowedHeaders: [],
  exposedHeaders: [],
  maxAgeSeconds: 0,
};

function toggled(list: readonly string[], item: string): readonly string[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item];
}

Deno.test("10,000 CORS settings equal what spec and service can say for them, and no other", () => {
  fc.assert(
    fc.property(anyCors, seed, (value, number) => {
      const choices = new Choices(number);
      const spec = { cors: specOfCors(value, choices) };
      const observed = corsOf(answerOfCors(value, choices));
      assert(sameJson(desired(cors, spec), observed));
      const other = mutatedCors(value, choices);
      assert(!sameJson(observed, corsOf(answerOfCors(other, choices))));
      assert(!sameJson(desired(cors, { cors: specOfCors(other, choices) }), observed));
    }),
    PAIRS,
  );
});

Deno.test("the order of CORS rules has a meaning: the first that fits counts", () => {
  fc.assert(
    fc.property(corsRule, corsRule, (first, second) => {
      fc.pre(!sameJson(first, second));
      const forth = corsOf(answerOfCors({ rules: [first, second] }, new Choices(1)));
      const back = corsOf(answerOfCors({ rules: [second, first] }, new Choices(1)));
      assert(!sameJson(forth, back));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("10,000 sets of tags are equal in any order, and not with one changed", () => {
  const anyTags = fc.dictionary(fc.string({ minLength: 1 }), fc.string(), { maxKeys: 8 });
  fc.assert(
    fc.property(anyTags, seed, (tags, number) => {
      const choices = new Choices(number);
      const value = { tags };
      const shuffled = Object.fromEntries(choices.shuffled(Object.entries(tags)));
      assert(sameJson(desired(tagging, { tagging: { tags: shuffled } }), value));
      const key = choices.pick([...Object.keys(tags), "one that is new"]);
      const changed = { ...tags, [key]: `${tags[key] ?? ""}!` };
      assert(!sameJson(desired(tagging, { tagging: { tags: changed } }), value));
      const more = { ...tags, "one that is new": "" };
      assert(!sameJson(desired(tagging, { tagging: { tags: more } }), value));
    }),
    PAIRS,
  );
});
