/**
 * The rules of the custom resource definitions as data: for each CEL rule and each pattern an
 * object that it accepts and one that it refuses, and what the refusal says.
 *
 * The same cases run on the embedded API and on the real one (S16); a unit test fails when a rule
 * of src/api has no case here.
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

const accepted: CrdRuleOutcome = { kind: "accepted" };

function refused(field: string, message: string): CrdRuleOutcome {
  return { kind: "refused", field, message };
}

const secretRef = { name: "wasabi-credentials" };
const provider = {
  region: "eu-central-2",
  endpoint: "https://s3.eu-central-2.wasabisys.com",
  auth: { accessKeySecretRef: secretRef, secretKeySecretRef: secretRef },
};
const providerRef = { name: "main" };
const bucket = { providerRef, name: "team-a-logs" };
const statement = { effect: "Allow", action: ["s3:GetObject"], resource: ["arn:aws:s3:::logs/*"] };
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

function creates(kind: KindName, claim: string, spec: Part, outcome = accepted): CrdRuleCase {
  return { kind, claim: `${kind}: ${claim}`, spec: { ...validSpecs[kind], ...spec }, outcome };
}

/** An object with the valid spec and `options.from` is created, then patched with `change`. */
function changes(
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

function urlCases(field: "endpoint" | "iamEndpoint"): readonly CrdRuleCase[] {
  const refusal = refused(`spec.${field}`, `${field} must be an http or https URL`);
  return [
    creates("Provider", `${field} may be http with a port`, { [field]: "http://10.0.0.1:9000" }),
    creates("Provider", `${field} may have a path`, { [field]: "https://s3.example.com/store/" }),
    creates("Provider", `${field} may be an IPv6 address`, { [field]: "http://[fd00::1]:9000" }),
    creates("Provider", `${field} with another scheme`, { [field]: "ftp://example.com" }, refusal),
    creates("Provider", `${field} without scheme`, { [field]: "s3.example.com:443" }, refusal),
    creates("Provider", `${field} with a user`, { [field]: "https://me@example.com" }, refusal),
    creates("Provider", `${field} with a query`, { [field]: "https://example.com/?a=b" }, refusal),
    changes("Provider", `${field} may change`, {
      change: { [field]: "https://other.example.com" },
    }),
    changes("Provider", `${field} changed to another scheme`, {
      from: { [field]: "https://example.com" },
      change: { [field]: "ftp://example.com" },
      outcome: refusal,
    }),
  ];
}

const selector = { matchLabels: { team: "a" } };
const selectorRefusal = refused(
  "spec.allowedNamespaces",
  "selector is needed with from: Selector, and must be left out with any other from",
);

function expression(requirement: Part): Part {
  return {
    allowedNamespaces: { from: "Selector", selector: { matchExpressions: [requirement] } },
  };
}

const expressionRefusal = refused(
  "spec.allowedNamespaces.selector.matchExpressions[0]",
  "values is needed with the operators In and NotIn",
);

const providerCases: readonly CrdRuleCase[] = [
  creates("Provider", "a plain one", {}),
  ...urlCases("endpoint"),
  ...urlCases("iamEndpoint"),
  creates("Provider", "region of another service", { region: "Region_1.local" }),
  creates(
    "Provider",
    "region with a space",
    { region: "eu central" },
    refused("spec.region", "region must be the name of a region, such as eu-central-2"),
  ),
  changes("Provider", "region changed to something with a slash", {
    change: { region: "eu/central" },
    outcome: refused("spec.region", "region must be the name of a region, such as eu-central-2"),
  }),
  changes("Provider", "endpoint may be left out", { change: { endpoint: null } }),
  changes("Provider", "endpoint left out with a region that makes no host name", {
    from: { region: "Region_1" },
    change: { endpoint: null },
    outcome: refused("spec.region", "endpoint is needed with this region"),
  }),
  creates("Provider", "allowedNamespaces with names", { allowedNamespaces: { names: ["team-b"] } }),
  creates("Provider", "allowedNamespaces for all", { allowedNamespaces: { from: "All" } }),
  creates("Provider", "allowedNamespaces with a selector", {
    allowedNamespaces: { from: "Selector", selector },
  }),
  creates(
    "Provider",
    "allowedNamespaces from: Selector without selector",
    { allowedNamespaces: { from: "Selector" } },
    selectorRefusal,
  ),
  creates(
    "Provider",
    "allowedNamespaces with a selector that does not act",
    { allowedNamespaces: { selector } },
    selectorRefusal,
  ),
  creates(
    "Provider",
    "allowedNamespaces with a name that no namespace has",
    { allowedNamespaces: { names: ["Team_B"] } },
    refused("spec.allowedNamespaces.names[0]", "should match"),
  ),
  creates(
    "Provider",
    "matchExpressions with In and values",
    expression({ key: "team", operator: "In", values: ["a"] }),
  ),
  creates(
    "Provider",
    "matchExpressions with Exists",
    expression({ key: "team", operator: "Exists" }),
  ),
  creates(
    "Provider",
    "matchExpressions with In and no values",
    expression({ key: "team", operator: "In" }),
    expressionRefusal,
  ),
  creates(
    "Provider",
    "matchExpressions with Exists and values",
    expression({ key: "team", operator: "Exists", values: ["a"] }),
    expressionRefusal,
  ),
  creates("Provider", "probe with a bucket", { probe: { bucket: "probe.bucket-1" } }),
  creates(
    "Provider",
    "probe with something that is no bucket name",
    { probe: { bucket: "Probe" } },
    refused("spec.probe.bucket", "should match"),
  ),
];

function bucketName(name: string, message: string): readonly CrdRuleCase[] {
  const refusal = refused("spec.name", message);
  return [creates("Bucket", `name ${name}`, { name }, refusal)];
}

const bucketCases: readonly CrdRuleCase[] = [
  creates("Bucket", "a plain one", {}),
  creates("Bucket", "name with dots, digits and hyphens", { name: "10.1.2-x.logs" }),
  creates("Bucket", "name with a reserved prefix inside", { name: "a-xn--b-sthree-c" }),
  ...bucketName("Logs", "should match"),
  ...bucketName("logs-", "should match"),
  ...bucketName("a..b", "name must not contain two dots in a row"),
  ...bucketName("192.168.5.4", "name must not look like an IP address"),
  ...bucketName("xn--logs", "name must not begin with xn--, sthree- or amzn-s3-demo-"),
  ...bucketName("sthree-logs", "name must not begin with xn--, sthree- or amzn-s3-demo-"),
  ...bucketName("amzn-s3-demo-logs", "name must not begin with xn--, sthree- or amzn-s3-demo-"),
  ...bucketName("logs-s3alias", "name must not end in -s3alias, --ol-s3, .mrap or --x-s3"),
  ...bucketName("logs--ol-s3", "name must not end in -s3alias, --ol-s3, .mrap or --x-s3"),
  ...bucketName("logs.mrap", "name must not end in -s3alias, --ol-s3, .mrap or --x-s3"),
  ...bucketName("logs--x-s3", "name must not end in -s3alias, --ol-s3, .mrap or --x-s3"),
  changes("Bucket", "name changed", {
    change: { name: "team-b-logs" },
    outcome: refused("spec.name", "name cannot be changed: a bucket cannot be renamed"),
  }),
  changes("Bucket", "settings may change", { change: { versioning: { enabled: true } } }),
  changes("Bucket", "region may be repeated", {
    from: { region: "eu-central-2" },
    change: { region: "eu-central-2", forceDelete: true },
  }),
  changes("Bucket", "region changed", {
    from: { region: "eu-central-2" },
    change: { region: "us-east-1" },
    outcome: refused("spec.region", "region cannot be changed: a bucket stays in its region"),
  }),
  changes("Bucket", "region added", {
    change: { region: "eu-central-2" },
    outcome: refused("spec.region", "region cannot be added or removed later"),
  }),
  changes("Bucket", "region removed", {
    from: { region: "eu-central-2" },
    change: { region: null },
    outcome: refused("spec.region", "region cannot be added or removed later"),
  }),
];

const userNameRefusal = refused("spec.name", "name must be an IAM user name: 1 to 64 letters");
const policyRefusal = refused("spec.policyRef", "give one of policy and policyRef, not both");
const policy = { version: "2012-10-17", statement: [statement] };
const policyRef = { name: "read-logs" };

const userCases: readonly CrdRuleCase[] = [
  creates("User", "a plain one", {}),
  creates("User", "name with every allowed character", { name: "A_z0+=,.@-" }),
  creates("User", "name with a space", { name: "two words" }, userNameRefusal),
  creates("User", "name of 65 characters", { name: "x".repeat(65) }, userNameRefusal),
  creates("User", "empty name", { name: "" }, userNameRefusal),
  changes("User", "name changed", {
    change: { name: "writer" },
    outcome: refused("spec.name", "name cannot be changed: the IAM user has it in its ARN"),
  }),
  creates("User", "policy alone", { policy }),
  creates("User", "policyRef alone", { policyRef }),
  creates("User", "policy and policyRef", { policy, policyRef }, policyRefusal),
  changes("User", "policy replaced by policyRef", {
    from: { policy },
    change: { policy: null, policyRef },
  }),
  changes("User", "policyRef added to policy", {
    from: { policy },
    change: { policyRef },
    outcome: policyRefusal,
  }),
];

const accessKeyCases: readonly CrdRuleCase[] = [
  creates("AccessKey", "a plain one", {}),
  {
    kind: "AccessKey",
    claim: "AccessKey: a missing userRef may be added",
    spec: { providerRef },
    change: { spec: { userRef: { name: "reader" } } },
    outcome: accepted,
  },
  changes("AccessKey", "a missing name of userRef may be added", {
    from: { userRef: {} },
    change: { userRef: { name: "reader" } },
  }),
  changes("AccessKey", "name of userRef changed", {
    change: { userRef: { name: "writer" } },
    outcome: refused("spec.userRef", "userRef cannot be changed"),
  }),
  changes("AccessKey", "namespace of userRef added", {
    change: { userRef: { namespace: "team-b" } },
    outcome: refused("spec.userRef", "userRef cannot be changed"),
  }),
  changes("AccessKey", "userRef removed", {
    change: { userRef: null },
    outcome: refused("spec.userRef", "userRef cannot be removed"),
  }),
  changes("AccessKey", "rotation may change", { change: { rotate: { enabled: true } } }),
];

const policyCases: readonly CrdRuleCase[] = [
  creates("BucketPolicy", "a plain one", {}),
  creates("BucketPolicy", "principal and condition keep what is inside", {
    policy: {
      statement: [{
        ...statement,
        principal: { AWS: ["arn:aws:iam::123456789012:root"] },
        condition: { Bool: { "aws:SecureTransport": "true" } },
      }],
    },
  }),
  changes("BucketPolicy", "bucketRef changed", {
    change: { bucketRef: { name: "other" } },
    outcome: refused("spec.bucketRef", "bucketRef cannot be changed"),
  }),
  changes("BucketPolicy", "statements may change", { change: { policy: { statement: [] } } }),
  creates("IAMPolicy", "a plain one", {}),
  changes("IAMPolicy", "statements may change", { change: { policy: { statement: [] } } }),
];

function providerRefCases(kind: KindName): readonly CrdRuleCase[] {
  const outcome = refused("spec.providerRef", "providerRef cannot be changed");
  return [
    changes(kind, "providerRef may be repeated", { change: { providerRef } }),
    changes(kind, "name of providerRef changed", {
      change: { providerRef: { name: "other" } },
      outcome,
    }),
    changes(kind, "namespace of providerRef added", {
      change: { providerRef: { namespace: "team-b" } },
      outcome,
    }),
    changes(kind, "namespace of providerRef removed", {
      from: { providerRef: { ...providerRef, namespace: "team-b" } },
      change: { providerRef: { namespace: null } },
      outcome,
    }),
  ];
}

function specCases(kind: KindName): readonly CrdRuleCase[] {
  return [
    {
      kind,
      claim: `${kind}: spec removed`,
      spec: validSpecs[kind],
      change: { spec: null },
      outcome: refused("spec", "spec cannot be removed: delete the object instead"),
    },
    {
      kind,
      claim: `${kind}: an object without spec may get one`,
      spec: null,
      change: { spec: validSpecs[kind] },
      outcome: accepted,
    },
  ];
}

/** All cases. */
export const crdRuleCases: readonly CrdRuleCase[] = [
  ...providerCases,
  ...bucketCases,
  ...userCases,
  ...accessKeyCases,
  ...policyCases,
  ...providerRefCases("Bucket"),
  ...providerRefCases("User"),
  ...providerRefCases("AccessKey"),
  ...providerRefCases("IAMPolicy"),
  ...(Object.keys(validSpecs) as KindName[]).flatMap(specCases),
];
