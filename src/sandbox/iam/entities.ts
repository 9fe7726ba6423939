/** What IAM keeps. */
import type { KeyStatus } from "../s3/keys.ts";

/** A user's key as IAM shows it. */
export interface UserKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly createdAt: number;
  readonly status: KeyStatus;
}

/** A user. */
export interface User {
  readonly accountId: string;
  readonly userId: string;
  readonly userName: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly keys: Map<string, UserKey>;
  /** Documents of inline policies by name. */
  readonly inline: Map<string, string>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
}

/** One version of a managed policy. */
export interface PolicyVersion {
  /** Such as v1. */
  readonly versionId: string;
  readonly document: string;
  readonly createdAt: number;
}

/** A managed policy. */
export interface ManagedPolicy {
  /** "aws" for those that every account has. */
  readonly accountId: string;
  readonly policyId: string;
  readonly policyName: string;
  readonly path: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAt: number;
  updatedAt: number;
  defaultVersionId: string;
  /** Number of versions that were ever made. */
  versionCount: number;
  readonly versions: Map<string, PolicyVersion>;
}

/** When and for what a key was used. */
export interface KeyUse {
  readonly at: number;
  readonly service: string;
  readonly region: string;
}
