/**
 * The rules of a Bucket's settings; see crd_rules.ts.
 */
import { changes, type CrdRuleCase, creates, type Part, refused } from "./crd_rule_builders.ts";

function lifecycleCases(): readonly CrdRuleCase[] {
  const rule = (fields: Part): Part => ({ lifecycle: { rules: [{ id: "tidy", ...fields }] } });
  const field = "spec.lifecycle.rules[0]";
  const one = "give one of days and date, not both and not none";
  const marker = "expiredObjectDeleteMarker cannot be used together with days or date";
  return [
    creates(
      "Bucket",
      "lifecycle rule with every field",
      rule({
        status: "Disabled",
        filter: {
          prefix: "logs/",
          tags: { keep: "no" },
          objectSizeGreaterThan: 1,
          objectSizeLessThan: 5_000_000_000_000,
        },
        expiration: { date: "2031-01-31" },
        transitions: [{ days: 1, storageClass: "GLACIER" }, {
          date: "2031-01-01",
          storageClass: "X",
        }],
        noncurrentVersionExpiration: { noncurrentDays: 2, newerNoncurrentVersions: 3 },
        noncurrentVersionTransitions: [{ noncurrentDays: 1, storageClass: "GLACIER" }],
      }),
    ),
    creates(
      "Bucket",
      "lifecycle rule with the predecessor's prefix, days and date",
      rule({ prefix: "logs/", expiration: { days: 5, date: "2031-01-31" } }),
    ),
    creates(
      "Bucket",
      "lifecycle rule with prefix beside filter.tags",
      rule({ prefix: "logs/", filter: { tags: { a: "b" } }, expiration: { days: 5 } }),
    ),
    creates(
      "Bucket",
      "lifecycle rule with prefix and filter.prefix",
      rule({ prefix: "logs/", filter: { prefix: "logs/" }, expiration: { days: 5 } }),
      refused(`${field}.filter`, "give one of prefix and filter.prefix, not both"),
    ),
    creates(
      "Bucket",
      "lifecycle rule for delete markers",
      rule({ expiration: { expiredObjectDeleteMarker: true } }),
    ),
    creates(
      "Bucket",
      "lifecycle rule for delete markers with days",
      rule({ expiration: { expiredObjectDeleteMarker: true, days: 5 } }),
      refused(`${field}.expiration.expiredObjectDeleteMarker`, marker),
    ),
    creates(
      "Bucket",
      "lifecycle transition with days and date",
      rule({ transitions: [{ days: 1, date: "2031-01-01", storageClass: "X" }] }),
      refused(`${field}.transitions[0]`, one),
    ),
    creates(
      "Bucket",
      "lifecycle transition without a time",
      rule({ transitions: [{ storageClass: "X" }] }),
      refused(`${field}.transitions[0]`, one),
    ),
  ];
}

function objectLockCases(): readonly CrdRuleCase[] {
  const lock = (defaultRetention: Part): Part => ({
    objectLock: { enabled: true, defaultRetention },
  });
  const one = refused(
    "spec.objectLock.defaultRetention",
    "give one of days and years, not both and not none",
  );
  const versioning = refused(
    "spec.versioning",
    "objectLock.enabled needs versioning.enabled: true, or no versioning field",
  );
  return [
    creates("Bucket", "object lock with days", lock({ mode: "GOVERNANCE", days: 30 })),
    creates("Bucket", "object lock with years", {
      ...lock({ mode: "COMPLIANCE", years: 1 }),
      versioning: { enabled: true },
    }),
    creates(
      "Bucket",
      "object lock with days and years",
      lock({ mode: "GOVERNANCE", days: 30, years: 1 }),
      one,
    ),
    creates(
      "Bucket",
      "object lock with a retention without a time",
      lock({ mode: "GOVERNANCE" }),
      one,
    ),
    creates(
      "Bucket",
      "a default retention without object lock",
      { objectLock: { defaultRetention: { mode: "GOVERNANCE", days: 30 } } },
      refused("spec.objectLock.defaultRetention", "defaultRetention needs enabled: true"),
    ),
    creates(
      "Bucket",
      "object lock without versions",
      { objectLock: { enabled: true }, versioning: { enabled: false } },
      versioning,
    ),
    creates("Bucket", "no object lock and no versions", {
      objectLock: { enabled: false },
      versioning: { enabled: false },
    }),
    changes("Bucket", "default retention removed", {
      from: lock({ mode: "GOVERNANCE", days: 30 }),
      change: { objectLock: { defaultRetention: null } },
    }),
    changes("Bucket", "object lock switched off", {
      from: { objectLock: { enabled: true } },
      change: { objectLock: { enabled: false } },
      outcome: refused("spec.objectLock.enabled", "enabled cannot be switched off again"),
    }),
    changes("Bucket", "versions switched off beside object lock", {
      from: { objectLock: { enabled: true }, versioning: { enabled: true } },
      change: { versioning: { enabled: false } },
      outcome: versioning,
    }),
  ];
}

function otherCases(): readonly CrdRuleCase[] {
  const rules = [{ id: "copies", destination: { bucket: "team-a-copies" } }];
  const role = "arn:aws:iam::123456789012:role/replication";
  return [
    creates("Bucket", "logging to a bucket", {
      logging: { targetBucket: "team-a-logs", targetPrefix: "x/" },
    }),
    creates(
      "Bucket",
      "logging with a prefix alone",
      { logging: { targetPrefix: "x/" } },
      refused("spec.logging.targetPrefix", "targetPrefix needs targetBucket"),
    ),
    creates("Bucket", "replication with a role", { replication: { role, rules } }),
    creates("Bucket", "replication without a role", { replication: { rules } }),
    creates(
      "Bucket",
      "replication with a role alone",
      { replication: { role } },
      refused("spec.replication.role", "role needs at least one rule"),
    ),
    changes("Bucket", "settings emptied", {
      from: {
        lifecycle: { rules: [{ id: "tidy", expiration: { days: 5 } }] },
        logging: { targetBucket: "team-a-logs" },
        replication: { rules },
        ownership: { objectOwnership: "ObjectWriter" },
        requestPayer: { payer: "Requester" },
      },
      change: {
        lifecycle: { rules: null },
        logging: { targetBucket: null },
        replication: { rules: null },
        ownership: { objectOwnership: null },
        requestPayer: { payer: null },
      },
    }),
  ];
}

/** Cases of all settings. */
export const bucketSettingCases: readonly CrdRuleCase[] = [
  ...lifecycleCases(),
  ...objectLockCases(),
  ...otherCases(),
];
