/**
 * Reads a bucket, and of its settings only those that the pass is about.
 */
import type { Json } from "../../api/common.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { type BucketPresence, hasObjects, lookUpBucket, type S3 } from "../../wasabi/s3.ts";
import type { Setting } from "./settings/setting.ts";
import type { Target } from "./targets.ts";

/** What the service answered about one setting. */
export type SettingState =
  | { readonly kind: "observed"; readonly value: Json }
  | { readonly kind: "unsupported"; readonly code: string };

/** What was read, at one moment. */
export interface Observed {
  readonly presence: BucketPresence;
  /** By field; empty unless the bucket is present. */
  readonly settings: ReadonlyMap<string, SettingState>;
  /** Whether there are objects; undefined when nobody asked or the key may not know. */
  readonly holdsData: boolean | undefined;
}

/** What to read of a bucket. */
export interface ObserveOptions {
  readonly bucket: string;
  readonly targets: readonly Target[];
  /** Ask whether it holds objects; false once that is known for good. */
  readonly lookForData: boolean;
}

/** Reads a bucket. */
export async function observe(s3: S3, options: ObserveOptions): Promise<Observed> {
  const { bucket, targets, lookForData } = options;
  const presence = await lookUpBucket(s3, bucket);
  if (presence.kind !== "present") return { presence, settings: new Map(), holdsData: undefined };
  const [states, holdsData] = await Promise.all([
    Promise.all(
      targets.map(async ({ setting }) =>
        [setting.field, await observeSetting(s3, bucket, setting)] as const
      ),
    ),
    lookForData ? look(s3, bucket) : undefined,
  ]);
  return { presence, settings: new Map<string, SettingState>(states), holdsData };
}

/** A server that lacks a feature answers so; that is a fact about it and no failure. */
async function observeSetting(s3: S3, bucket: string, setting: Setting): Promise<SettingState> {
  try {
    return { kind: "observed", value: await setting.observe(s3, bucket) };
  } catch (error) {
    const unsupported = error instanceof ProviderError && error.kind === "Unsupported";
    if (unsupported) return { kind: "unsupported", code: error.code };
    throw error;
  }
}

async function look(s3: S3, bucket: string): Promise<boolean | undefined> {
  try {
    return await hasObjects(s3, bucket);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === "AccessDenied") return undefined;
    throw error;
  }
}
