/**
 * Access by scripts of web pages of other origins. Without a rule, the setting is removed.
 */
import type { CORSRule } from "@aws-sdk/client-s3";
import { getCors, putCors } from "../../../wasabi/bucket_settings/rules.ts";
import type { Setting } from "./setting.ts";

/** Lists without order or repetition; names of headers are in lower case, as HTTP ignores it. */
export type CorsRule = {
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly maxAgeSeconds: number;
};

/** The rules in their order: the first that fits a request counts. */
export type Cors = Readonly<Record<"rules", readonly CorsRule[]>>;

/** The setting `spec.cors`. */
export const cors: Setting<Cors> = {
  field: "cors",
  metric: "cors",

  fresh: () => ({ rules: [] }),

  desired({ cors }) {
    if (cors === undefined) return undefined;
    const rules = (cors.rules ?? []).map((rule) => ({
      allowedOrigins: sorted(rule.allowedOrigins),
      allowedMethods: sorted(rule.allowedMethods),
      allowedHeaders: sortedNames(rule.allowedHeaders),
      exposedHeaders: sortedNames(rule.exposedHeaders),
      maxAgeSeconds: rule.maxAgeSeconds,
    }));
    return { value: { rules }, leftOut: [] };
  },

  observe: async (s3, bucket) => corsOf(await getCors(s3, bucket)),

  write: (s3, bucket, value) => putCors(s3, bucket, { rules: value.rules.map(ruleOf) }),
};

/** The canonical form of what a service answers; the names of rules mean nothing. */
export function corsOf(rules: readonly CORSRule[]): Cors {
  return {
    rules: rules.map((rule) => ({
      allowedOrigins: sorted(rule.AllowedOrigins),
      allowedMethods: sorted(rule.AllowedMethods),
      allowedHeaders: sortedNames(rule.AllowedHeaders),
      exposedHeaders: sortedNames(rule.ExposeHeaders),
      // Some services leave a zero out; a browser that is told nothing forgets soon as well.
      maxAgeSeconds: rule.MaxAgeSeconds ?? 0,
    })),
  };
}

function ruleOf(rule: CorsRule): CORSRule {
  return {
    AllowedOrigins: [...rule.allowedOrigins],
    AllowedMethods: [...rule.allowedMethods],
    ...(rule.allowedHeaders.length > 0 && { AllowedHeaders: [...rule.allowedHeaders] }),
    ...(rule.exposedHeaders.length > 0 && { ExposeHeaders: [...rule.exposedHeaders] }),
    MaxAgeSeconds: rule.maxAgeSeconds,
  };
}

function sorted(words: readonly string[] = []): readonly string[] {
  return [...new Set(words)].sort();
}

function sortedNames(names: readonly string[] = []): readonly string[] {
  return sorted(names.map((name) => name.toLowerCase()));
}
