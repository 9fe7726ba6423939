/**
 * Settings that protect what is in a bucket.
 */
import type { SettingCase } from "./setting_cases.ts";

const FLAGS = [
  "BlockPublicAcls",
  "IgnorePublicAcls",
  "BlockPublicPolicy",
  "RestrictPublicBuckets",
] as const;
const KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const OPEN = {
  blockPublicAcls: false,
  blockPublicPolicy: false,
  ignorePublicAcls: false,
  restrictPublicBuckets: false,
};

/** Encryption, public access, ownership and object lock. */
export const protectionCases: readonly SettingCase[] = [
  {
    field: "encryption",
    first: () => ({ encryption: { enabled: true, algorithm: "aws:kms", kmsKeyId: KEY } }),
    second: () => ({ encryption: { enabled: true, algorithm: "aws:kms" } }),
    empty: { encryption: {} },
    seen: ({ cloud }, name) => cloud.settings(name).encryption(),
    expected: () => ({ first: ["aws:kms", KEY], second: ["aws:kms"], empty: ["AES256"] }),
    interfere: ({ cloud }, name) => cloud.settings(name).setEncryption("AES256"),
  },
  {
    field: "publicAccess",
    first: () => ({ publicAccess: {} }),
    second: () => ({ publicAccess: { blockPublicAcls: false, restrictPublicBuckets: false } }),
    empty: { publicAccess: OPEN },
    seen: async ({ cloud }, name) => {
      const block = await cloud.settings(name).publicAccess();
      return block && FLAGS.map((flag) => block[flag]);
    },
    expected: () => ({
      first: [true, true, true, true],
      second: [false, true, true, false],
      empty: undefined,
    }),
    interfere: ({ cloud }, name) =>
      cloud.settings(name).setPublicAccess({
        BlockPublicAcls: true,
        IgnorePublicAcls: true,
        BlockPublicPolicy: false,
        RestrictPublicBuckets: true,
      }),
  },
  {
    field: "ownership",
    first: () => ({ ownership: { objectOwnership: "BucketOwnerPreferred" } }),
    second: () => ({ ownership: { objectOwnership: "ObjectWriter" } }),
    empty: { ownership: {} },
    seen: ({ cloud }, name) => cloud.settings(name).ownership(),
    expected: () => ({
      first: "BucketOwnerPreferred",
      second: "ObjectWriter",
      empty: "BucketOwnerEnforced",
    }),
    interfere: ({ cloud }, name) => cloud.settings(name).setOwnership("ObjectWriter"),
  },
  {
    field: "objectLock",
    first: () => ({
      objectLock: { enabled: true, defaultRetention: { mode: "GOVERNANCE", days: 1 } },
    }),
    second: () => ({
      objectLock: { enabled: true, defaultRetention: { mode: "COMPLIANCE", years: 1 } },
    }),
    empty: { objectLock: { enabled: true } },
    seen: ({ cloud }, name) => cloud.settings(name).objectLock(),
    expected: () => ({
      first: { Mode: "GOVERNANCE", Days: 1 },
      second: { Mode: "COMPLIANCE", Years: 1 },
      empty: {},
    }),
    interfere: ({ cloud }, name) =>
      cloud.settings(name).setObjectLock({ Mode: "GOVERNANCE", Days: 7 }),
  },
];
