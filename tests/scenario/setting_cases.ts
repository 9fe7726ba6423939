/**
 * Every setting of a Bucket: how a spec says it, how a person with an S3 client sees it.
 */
import type { Feature } from "../../src/api/features.ts";
import type { TestObject } from "../support/builders.ts";
import { protectionCases } from "./setting_cases_protection.ts";
import { ruleCases } from "./setting_cases_rules.ts";
import type { Stage } from "./stage.ts";

/** One setting. */
export interface SettingCase {
  readonly field: Feature;
  /** What must exist before; `name` is the bucket's. */
  readonly setUp?: (
    stage: Stage,
    name: string,
    facts: { readonly wantsLogGrant?: boolean },
  ) => Promise<void>;
  /** Fields of a spec. */
  readonly first: (name: string) => TestObject;
  readonly second: (name: string) => TestObject;
  /** The setting present and empty, or as empty as it can be. */
  readonly empty: TestObject;
  /** What the bucket has, in the words of S3. */
  readonly seen: (stage: Stage, name: string) => Promise<unknown>;
  readonly expected: (name: string) => {
    readonly first: unknown;
    readonly second: unknown;
    readonly empty: unknown;
  };
  /** Changes it behind the operator's back. */
  readonly interfere: (stage: Stage, name: string) => Promise<void>;
}

const plainCases: readonly SettingCase[] = [
  {
    field: "versioning",
    first: () => ({ versioning: { enabled: true } }),
    second: () => ({ versioning: { enabled: false } }),
    empty: { versioning: {} },
    seen: ({ cloud }, name) => cloud.versioning(name),
    expected: () => ({ first: "Enabled", second: "Suspended", empty: "Suspended" }),
    interfere: ({ cloud }, name) => cloud.settings(name).setVersioning("Suspended"),
  },
  {
    field: "tagging",
    first: () => ({ tagging: { tags: { team: "a", stage: "test" } } }),
    second: () => ({ tagging: { tags: { team: "b" } } }),
    empty: { tagging: {} },
    seen: ({ cloud }, name) => cloud.tags(name),
    expected: () => ({ first: { team: "a", stage: "test" }, second: { team: "b" }, empty: {} }),
    interfere: ({ cloud }, name) => cloud.setTags(name, { team: "c" }),
  },
  {
    field: "requestPayer",
    first: () => ({ requestPayer: { payer: "Requester" } }),
    second: () => ({ requestPayer: { payer: "BucketOwner" } }),
    empty: { requestPayer: {} },
    seen: ({ cloud }, name) => cloud.settings(name).payer(),
    expected: () => ({ first: "Requester", second: "BucketOwner", empty: "BucketOwner" }),
    interfere: ({ cloud }, name) => cloud.settings(name).setPayer("BucketOwner"),
  },
  {
    field: "logging",
    setUp: async ({ cloud }, name, { wantsLogGrant }) => {
      await cloud.createBucket(`${name}-logs`);
      if (wantsLogGrant) await cloud.settings(`${name}-logs`).allowLogs();
    },
    first: (name) => ({ logging: { targetBucket: `${name}-logs`, targetPrefix: "one/" } }),
    second: (name) => ({ logging: { targetBucket: `${name}-logs` } }),
    empty: { logging: {} },
    seen: async ({ cloud }, name) => {
      const { TargetBucket, TargetPrefix } = await cloud.settings(name).logging() ?? {};
      return [TargetBucket, TargetPrefix];
    },
    expected: (name) => ({
      first: [`${name}-logs`, "one/"],
      second: [`${name}-logs`, ""],
      empty: [undefined, undefined],
    }),
    interfere: ({ cloud }, name) =>
      cloud.settings(name).setLogging({ TargetBucket: `${name}-logs`, TargetPrefix: "them/" }),
  },
];

/** All of them. */
export const settingCases: readonly SettingCase[] = [
  ...plainCases,
  ...protectionCases,
  ...ruleCases,
];
