/**
 * What cases about rules of the definitions are made from.
 */
import type { Json } from "../../src/api/common.ts";
import type { KindName } from "../../src/api/registry.ts";

/** Spec or status of an object. */
export type Part = { readonly [field: string]: Json };

/** What the server must say to the last request of a case. */
export type CrdRuleOutcome =
  | { readonly kind: "accepted" }
  | { readonly kind: "refused"; readonly field: string; readonly message: string };

/** One claim about one rule. */
export interface CrdRuleCase {
  readonly claim: string;
  readonly kind: KindName;
  /** Spec of the object to create; `null` creates it without a spec. */
  readonly spec: Part | null;
  /** Merge patch of the created object; without it, the creation itself is judged. */
  readonly change?: Part;
  readonly outcome: CrdRuleOutcome;
}

/** The outcome of an accepted request. */
export const accepted: CrdRuleOutcome = { kind: "accepted" };

/** The outcome of a refused request. */
export function refused(field: string, message: string): CrdRuleOutcome {
  return { kind: "refused", field, message };
}

const secretRef = { name: "wasabi-credentials" };
const provider = {
  region: "eu-central-2",
  endpoint: "https://s3.eu-central-2.wasabisys.com",
  auth: { accessKeySecretRef: secretRef, secretKeySecretRef: secretRef },
};
/** Reference of the valid specs to a Provider. */
export const providerRef = { name: "main" };
const bucket = { providerRef, name: "team-a-logs" };
/** A valid statement without a principal. */
export const statement = {
  effect: "Allow",
  action: ["s3:GetObject"],
  resource: ["arn:aws:s3:::logs/*"],
};
const bucketPolicy = {
  bucketRef: { name: "logs" },
  policy: { statement: [{ ...statement, principal: "*" }] },
};
const iamPolicy = { providerRef, policy: { statement: [statement] } };
const user = { providerRef, name: "reader" };
const accessKey = { providerRef, userRef: { name: "reader" } };

/** A valid spec of each kind. */
export const validSpecs: { readonly [Name in KindName]: Part } = {
  Provider: provider,
  Bucket: bucket,
  BucketPolicy: bucketPolicy,
  User: user,
  AccessKey: accessKey,
  IAMPolicy: iamPolicy,
};

/** An object with the valid spec and `spec` is created. */
export function creates(
  kind: KindName,
  claim: string,
  spec: Part,
  outcome = accepted,
): CrdRuleCase {
  return { kind, claim: `${kind}: ${claim}`, spec: { ...validSpecs[kind], ...spec }, outcome };
}

/** An object with the valid spec and `options.from` is created, then patched with `change`. */
export function changes(
  kind: KindName,
  claim: string,
  options: { readonly change: Part; readonly from?: Part; readonly outcome?: CrdRuleOutcome },
): CrdRuleCase {
  return {
    kind,
    claim: `${kind}: ${claim}`,
    spec: { ...validSpecs[kind], ...options.from },
    change: { spec: options.change },
    outcome: options.outcome ?? accepted,
  };
}
