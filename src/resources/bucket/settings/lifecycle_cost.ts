/**
 * What a lifecycle costs that deletes sooner than Wasabi stops charging.
 *
 * Source: https://docs.wasabi.com/docs/if-i-delete-a-file-within-90-days
 */
import type { BucketSpec } from "../../../api/bucket.ts";
import { ruleField } from "./rules_by_id.ts";

type RuleSpec = NonNullable<NonNullable<BucketSpec["lifecycle"]>["rules"]>[number];

/** Wasabi's pay-as-you-go minimum; some reserved plans have 30 days. */
const MINIMUM_DAYS = 90;
/** Rules named in the sentence; the others are counted. */
const MAX_NAMED = 5;

/** One sentence, if any rule deletes objects or versions too soon to save anything. */
export function shortRetentionWarnings(rules: readonly RuleSpec[]): readonly string[] {
  const fields = rules.filter(({ status }) => status === "Enabled").flatMap(shortFields);
  if (fields.length === 0) return [];
  const more = fields.length - MAX_NAMED;
  const named = fields.slice(0, MAX_NAMED).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return [
    `Wasabi charges at least ${MINIMUM_DAYS} days for everything that is stored, so that ` +
    `deleting sooner saves nothing: ${named}`,
  ];
}

function shortFields(rule: RuleSpec): readonly string[] {
  const days = [
    ["expiration.days", rule.expiration?.days],
    [
      "noncurrentVersionExpiration.noncurrentDays",
      rule.noncurrentVersionExpiration?.noncurrentDays,
    ],
  ] as const;
  return days.filter(([, count]) => count !== undefined && count < MINIMUM_DAYS)
    .map(([name, count]) => `spec.${ruleField("lifecycle.rules", rule.id)}.${name} (${count})`);
}
