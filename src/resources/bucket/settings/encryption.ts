/**
 * Default encryption of new objects.
 */
import type { ServerSideEncryptionByDefault } from "@aws-sdk/client-s3";
import { getEncryption, putEncryption } from "../../../wasabi/bucket_settings/protection.ts";
import type { ServiceProfile, Setting } from "./setting.ts";

/**
 * A key is named as it was given, for an ID is not enough to find the key of another account;
 * absent for the service's own.
 */
export type Encryption =
  | Readonly<Record<"enabled", false>>
  | { readonly enabled: true; readonly algorithm: string; readonly kmsKeyId?: string };

const NONE: Encryption = { enabled: false };
const AES256: Encryption = { enabled: true, algorithm: "AES256" };
/** The key that AWS takes for aws:kms where none is named. */
const OWN_KEY = /^(arn:[^:]*:kms:[^:]*:[^:]*:)?alias\/aws\/s3$/;

/** The setting `spec.encryption`. */
export const encryption: Setting<Encryption> = {
  field: "encryption",
  metric: "encryption",

  fresh: withoutConfiguration,

  desired({ encryption }, service) {
    if (encryption === undefined) return undefined;
    const { enabled, algorithm, kmsKeyId } = encryption;
    if (!enabled) return { value: withoutConfiguration(service), leftOut: [] };
    const value = encryptionOf({ SSEAlgorithm: algorithm, KMSMasterKeyID: kmsKeyId });
    return { value, leftOut: [] };
  },

  observe: async (s3, bucket) => encryptionOf(await getEncryption(s3, bucket)),

  async write(s3, bucket, value) {
    const encryption = value.enabled ? configurationOf(value) : undefined;
    await putEncryption(s3, bucket, { encryption });
  },
};

/** The canonical form of what a service answers. */
function encryptionOf(
  configuration: Loose<ServerSideEncryptionByDefault> | undefined,
): Encryption {
  const algorithm = configuration?.SSEAlgorithm;
  if (algorithm === undefined) return NONE;
  const kmsKeyId = configuration?.KMSMasterKeyID;
  const isNamed = algorithm !== "AES256" && kmsKeyId && !OWN_KEY.test(kmsKeyId);
  return { enabled: true, algorithm, ...(isNamed && { kmsKeyId }) };
}

type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** AWS has encrypted every bucket since January 2023: there, nothing set is AES256. */
function withoutConfiguration({ type }: ServiceProfile): Encryption {
  return type === "aws" ? AES256 : NONE;
}

function configurationOf(
  { algorithm, kmsKeyId }: Extract<Encryption, { readonly enabled: true }>,
): ServerSideEncryptionByDefault {
  return {
    SSEAlgorithm: algorithm as "AES256" | "aws:kms",
    ...(kmsKeyId !== undefined && { KMSMasterKeyID: kmsKeyId }),
  };
}
