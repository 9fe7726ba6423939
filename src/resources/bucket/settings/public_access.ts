/**
 * Guard against public access. Four times false is no guard.
 */
import type { PublicAccessBlockConfiguration } from "@aws-sdk/client-s3";
import {
  getPublicAccessBlock,
  putPublicAccessBlock,
} from "../../../wasabi/bucket_settings/protection.ts";
import type { Setting } from "./setting.ts";

/** The four flags. */
export type PublicAccess = Readonly<
  Record<
    "blockPublicAcls" | "blockPublicPolicy" | "ignorePublicAcls" | "restrictPublicBuckets",
    boolean
  >
>;

/** The setting `spec.publicAccess`. */
export const publicAccess: Setting<PublicAccess> = {
  field: "publicAccess",
  metric: "public_access",
  // The predecessor never applied it: a guard that comes alive could shut readers out.
  needsConsentAtTakeover: true,

  // AWS has guarded every new bucket since April 2023.
  fresh: ({ type }) => all(type === "aws"),

  desired({ publicAccess }) {
    return publicAccess === undefined ? undefined : { value: { ...publicAccess }, leftOut: [] };
  },

  observe: async (s3, bucket) => publicAccessOf(await getPublicAccessBlock(s3, bucket)),

  async write(s3, bucket, value) {
    const isGuarded = Object.values(value).includes(true);
    await putPublicAccessBlock(s3, bucket, {
      block: isGuarded ? blockOf(value) : undefined,
    });
  },
};

/** The canonical form of what a service answers. */
function publicAccessOf(block: PublicAccessBlockConfiguration | undefined): PublicAccess {
  return {
    blockPublicAcls: block?.BlockPublicAcls ?? false,
    blockPublicPolicy: block?.BlockPublicPolicy ?? false,
    ignorePublicAcls: block?.IgnorePublicAcls ?? false,
    restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
  };
}

function blockOf(value: PublicAccess): PublicAccessBlockConfiguration {
  return {
    BlockPublicAcls: value.blockPublicAcls,
    BlockPublicPolicy: value.blockPublicPolicy,
    IgnorePublicAcls: value.ignorePublicAcls,
    RestrictPublicBuckets: value.restrictPublicBuckets,
  };
}

function all(value: boolean): PublicAccess {
  return {
    blockPublicAcls: value,
    blockPublicPolicy: value,
    ignorePublicAcls: value,
    restrictPublicBuckets: value,
  };
}
