/**
 * The canonical form of replication rules, from and to the form of S3.
 */
import type {
  ReplicationConfiguration,
  ReplicationRule as SentRule,
  ReplicationRuleFilter,
} from "@aws-sdk/client-s3";
import { observedById } from "./rules_by_id.ts";

type Status = "Enabled" | "Disabled";

/** One rule. */
export type ReplicationRule = {
  readonly status: Status;
  readonly priority: number;
  readonly filter: {
    readonly prefix: string;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly deleteMarkerReplication: { readonly status: Status };
  readonly destination: {
    /** ARN. */
    readonly bucket: string;
    readonly account?: string;
    readonly storageClass?: string;
  };
  /** What the service does besides that no field of the spec can ask for; sorted. */
  readonly extras?: readonly string[];
};

/** Rules by their ID. */
export type Replication = {
  readonly role?: string;
  readonly rules: Readonly<Record<string, ReplicationRule>>;
};

/** The canonical form of what a service answers. */
export function replicationOf(configuration: ReplicationConfiguration | undefined): Replication {
  const role = configuration?.Role;
  return { ...(role && { role }), rules: observedById(configuration?.Rules ?? [], ruleOf) };
}

/** What is sent to a service; undefined without a rule. */
export function replicationConfiguration(
  { role, rules }: Replication,
): ReplicationConfiguration | undefined {
  const list = Object.entries(rules);
  if (list.length === 0) return undefined;
  return { Role: role, Rules: list.map(([id, rule]) => sentRule(id, rule)) };
}

function ruleOf(rule: SentRule): ReplicationRule {
  const { Bucket = "", Account, StorageClass } = rule.Destination ?? {};
  const extras = extrasOf(rule);
  return {
    status: statusOf(rule.Status),
    priority: rule.Priority ?? 0,
    filter: filterOf(rule),
    deleteMarkerReplication: { status: statusOf(rule.DeleteMarkerReplication?.Status) },
    destination: {
      bucket: Bucket,
      ...(Account && { account: Account }),
      ...(StorageClass && { storageClass: StorageClass }),
    },
    ...(extras.length > 0 && { extras }),
  };
}

function filterOf({ Filter, Prefix }: SentRule): ReplicationRule["filter"] {
  const { And, Tag } = Filter ?? {};
  const tags = [...(Tag ? [Tag] : []), ...(And?.Tags ?? [])];
  return {
    prefix: And?.Prefix ?? Filter?.Prefix ?? Prefix ?? "",
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
  };
}

function extrasOf(rule: SentRule): readonly string[] {
  const { Metrics, ReplicationTime, EncryptionConfiguration, AccessControlTranslation } =
    rule.Destination ?? {};
  const acting: Readonly<Record<string, boolean>> = {
    accessControlTranslation: AccessControlTranslation !== undefined,
    encryptionConfiguration: EncryptionConfiguration?.ReplicaKmsKeyID !== undefined,
    existingObjectReplication: rule.ExistingObjectReplication?.Status === "Enabled",
    metrics: Metrics?.Status === "Enabled",
    replicationTime: ReplicationTime?.Status === "Enabled",
    sseKmsEncryptedObjects:
      rule.SourceSelectionCriteria?.SseKmsEncryptedObjects?.Status === "Enabled",
  };
  return Object.keys(acting).filter((name) => acting[name]);
}

function sentRule(id: string, rule: ReplicationRule): SentRule {
  const { bucket, account, storageClass } = rule.destination;
  return {
    ID: id,
    Status: rule.status,
    Priority: rule.priority,
    Filter: sentFilter(rule.filter),
    DeleteMarkerReplication: { Status: rule.deleteMarkerReplication.status },
    Destination: {
      Bucket: bucket,
      ...(account !== undefined && { Account: account }),
      ...(storageClass !== undefined && {
        StorageClass: storageClass as NonNullable<
          NonNullable<SentRule["Destination"]>["StorageClass"]
        >,
      }),
    },
  };
}

function sentFilter({ prefix, tags }: ReplicationRule["filter"]): ReplicationRuleFilter {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (Tags[0] === undefined) return { Prefix: prefix };
  if (Tags.length === 1 && prefix === "") return { Tag: Tags[0] };
  return { And: { ...(prefix !== "" && { Prefix: prefix }), Tags } };
}

function statusOf(status: string | undefined): Status {
  return status === "Enabled" ? "Enabled" : "Disabled";
}
