/**
 * Where requests to the bucket are logged. An empty `logging` switches it off.
 */
import type { LoggingEnabled } from "@aws-sdk/client-s3";
import { getLogging, putLogging } from "../../../wasabi/bucket_settings/requests.ts";
import type { Setting } from "./setting.ts";

/** Empty while nothing is logged. */
export type Logging = { readonly targetBucket?: string; readonly targetPrefix?: string };

/** The setting `spec.logging`. */
export const logging: Setting<Logging> = {
  field: "logging",
  metric: "logging",

  fresh: () => ({}),

  desired({ logging }) {
    if (logging === undefined) return undefined;
    const { targetBucket, targetPrefix = "" } = logging;
    const value = targetBucket === undefined ? {} : { targetBucket, targetPrefix };
    return { value, leftOut: [] };
  },

  observe: async (s3, bucket) => loggingOf(await getLogging(s3, bucket)),

  async write(s3, bucket, { targetBucket, targetPrefix = "" }) {
    const logging = targetBucket === undefined
      ? undefined
      : { TargetBucket: targetBucket, TargetPrefix: targetPrefix };
    await putLogging(s3, bucket, { logging });
  },
};

/** The canonical form of what a service answers. */
function loggingOf(enabled: LoggingEnabled | undefined): Logging {
  const targetBucket = enabled?.TargetBucket;
  return targetBucket === undefined
    ? {}
    : { targetBucket, targetPrefix: enabled?.TargetPrefix ?? "" };
}
