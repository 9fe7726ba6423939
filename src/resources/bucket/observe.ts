/**
 * Reads a bucket, and of its settings only those that the spec names.
 */
import type { BucketSpec } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import { ProviderError } from "../../wasabi/error.ts";
import { type BucketPresence, lookUpBucket, type S3 } from "../../wasabi/s3.ts";
import type { Setting } from "./settings/setting.ts";

/** What the service answered about one setting. */
export type SettingState =
  | { readonly kind: "observed"; readonly value: Json }
  | { readonly kind: "unsupported"; readonly code: string };

/** What was read, at one moment. */
export interface Observed {
  readonly presence: BucketPresence;
  /** By field; empty unless the bucket is present. */
  readonly settings: ReadonlyMap<string, SettingState>;
}

/** Reads the bucket of a spec. */
export async function observe(
  s3: S3,
  spec: BucketSpec,
  { settings }: { readonly settings: readonly Setting[] },
): Promise<Observed> {
  const presence = await lookUpBucket(s3, spec.name);
  if (presence.kind !== "present") return { presence, settings: new Map() };
  const managed = settings.filter((setting) => setting.desired(spec) !== undefined);
  const states = await Promise.all(
    managed.map(async (setting) =>
      [setting.field, await observeSetting(s3, spec.name, setting)] as const
    ),
  );
  return { presence, settings: new Map(states) };
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
