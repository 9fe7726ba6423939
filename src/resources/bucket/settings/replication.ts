/**
 * Copies of the objects in another bucket. Without a rule, the setting is removed.
 */
import type { BucketSpec } from "../../../api/bucket.ts";
import { getReplication, putReplication } from "../../../wasabi/bucket_settings/rules.ts";
import {
  type Replication,
  replicationConfiguration,
  replicationOf,
  type ReplicationRule,
} from "./replication_form.ts";
import { rulesById } from "./rules_by_id.ts";
import type { Setting } from "./setting.ts";

type RuleSpec = NonNullable<NonNullable<BucketSpec["replication"]>["rules"]>[number];

/** The setting `spec.replication`. */
export const replication: Setting<Replication> = {
  field: "replication",
  metric: "replication",

  fresh: () => ({ rules: {} }),

  desired({ replication }) {
    if (replication === undefined) return undefined;
    const { role, rules: list = [] } = replication;
    const { rules, leftOut } = rulesById(list, {
      field: "replication.rules",
      convert: (rule) => ({ value: converted(rule, list), leftOut: [] }),
    });
    return { value: { ...(role !== undefined && { role }), rules }, leftOut };
  },

  observe: async (s3, bucket) => replicationOf(await getReplication(s3, bucket)),

  write: (s3, bucket, value) =>
    putReplication(s3, bucket, { configuration: replicationConfiguration(value) }),
};

function converted(rule: RuleSpec, list: readonly RuleSpec[]): ReplicationRule {
  const { bucket, account, storageClass } = rule.destination;
  return {
    status: rule.status,
    // S3 wants a priority in each rule that has a filter; the earlier rule goes before.
    priority: rule.priority ?? list.length - list.indexOf(rule),
    filter: { prefix: rule.filter?.prefix ?? "", tags: rule.filter?.tags ?? {} },
    deleteMarkerReplication: { status: rule.deleteMarkerReplication?.status ?? "Disabled" },
    destination: {
      bucket: bucket.startsWith("arn:") ? bucket : `arn:aws:s3:::${bucket}`,
      ...(account !== undefined && { account }),
      ...(storageClass !== undefined && { storageClass }),
    },
  };
}
