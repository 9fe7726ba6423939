/**
 * Object lock: on for the life of a bucket, with a default retention that can change.
 *
 * The bucket is made with it where the spec asks for it; the default retention is written here.
 */
import type { DefaultRetention, ObjectLockConfiguration } from "@aws-sdk/client-s3";
import { getObjectLock, putObjectLock } from "../../../wasabi/bucket_settings/protection.ts";
import type { ServiceProfile, Setting, UnsupportedField } from "./setting.ts";

/** How long new versions are kept that are stored without a retention. */
export type Retention =
  | { readonly mode: string; readonly days: number }
  | { readonly mode: string; readonly years: number };

/** Whether versions can be locked. */
export type ObjectLock = { readonly enabled: boolean; readonly defaultRetention?: Retention };

/** The setting `spec.objectLock`. */
export const objectLock: Setting<ObjectLock> = {
  field: "objectLock",
  metric: "object_lock",

  fresh: () => ({ enabled: false }),

  desired({ objectLock }) {
    if (objectLock === undefined) return undefined;
    const { enabled, defaultRetention } = objectLock;
    if (!enabled || defaultRetention === undefined) return { value: { enabled }, leftOut: [] };
    const { mode, days, years } = defaultRetention;
    const retention = retentionOf({ Mode: mode, Days: days, Years: years });
    return { value: { enabled, ...retention }, leftOut: [] };
  },

  observe: async (s3, bucket) => objectLockOf(await getObjectLock(s3, bucket)),

  async write(s3, bucket, value) {
    await putObjectLock(s3, bucket, { configuration: configurationOf(value) });
  },

  impossible: whyImpossible,
};

/** The canonical form of what a service answers. */
function objectLockOf(configuration: ObjectLockConfiguration | undefined): ObjectLock {
  if (configuration?.ObjectLockEnabled !== "Enabled") return { enabled: false };
  return { enabled: true, ...retentionOf(configuration.Rule?.DefaultRetention) };
}

/** moto answers a retention of n days with one of 0 years. */
function retentionOf(
  retention: { readonly [Key in keyof DefaultRetention]?: DefaultRetention[Key] | undefined } = {},
): { readonly defaultRetention?: Retention } {
  const { Mode: mode, Days: days, Years: years } = retention;
  if (mode === undefined) return {};
  if (days) return { defaultRetention: { mode, days } };
  return years ? { defaultRetention: { mode, years } } : {};
}

function configurationOf({ defaultRetention }: ObjectLock): ObjectLockConfiguration {
  if (defaultRetention === undefined) return { ObjectLockEnabled: "Enabled" };
  const rule: DefaultRetention = {
    Mode: defaultRetention.mode as "GOVERNANCE" | "COMPLIANCE",
    ...("days" in defaultRetention
      ? { Days: defaultRetention.days }
      : { Years: defaultRetention.years }),
  };
  return { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: rule } };
}

/** AWS has let buckets with versions have it later since November 2023, and nobody else. */
function whyImpossible(
  desired: ObjectLock,
  observed: ObjectLock,
  { type }: ServiceProfile,
): UnsupportedField | undefined {
  if (desired.enabled === observed.enabled) return undefined;
  if (!desired.enabled) {
    return {
      field: "objectLock.enabled",
      why: "the bucket has object lock, which stays for as long as the bucket does",
    };
  }
  if (type === "aws") return undefined;
  return {
    field: "objectLock.enabled",
    why: "object lock can be chosen only when a bucket is made, and this one was made without: " +
      "create a second Bucket with another name and copy the objects",
  };
}
