/**
 * The rules of the custom resource definitions as data: for each CEL rule and each pattern an
 * object that it accepts and one that it refuses, and what the refusal says.
 *
 * The same cases run on the embedded API and on the real one (S16); a unit test fails when a rule
 * of src/api has no case here.
 */
import type { KindName } from "../../src/api/registry.ts";
import { driftCases } from "./crd_drift_rules.ts";
import { grantCases } from "./crd_grant_rules.ts";
import { policyCases } from "./crd_policy_rules.ts";
import { bucketSettingCases } from "./crd_setting_rules.ts";
import {
  accepted,
  changes,
  type CrdRuleCase,
  creates,
  providerRef,
  refused,
  statement,
  validSpecs,
} from "./crd_rule_builders.ts";

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
  ...grantCases("Provider"),
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
  creates("AccessKey", "secret with a name, a format and templates", {
    secret: { name: "app.keys", format: "rclone", data: { url: "s3://{{bucket}}" } },
  }),
  creates(
    "AccessKey",
    "secret with a name that no Secret has",
    { secret: { name: "App_Keys" } },
    refused("spec.secret.name", "name must be the name of a Secret"),
  ),
  changes("AccessKey", "name of the secret changed to none that a Secret has", {
    from: { secret: { name: "app-keys" } },
    change: { secret: { name: "-" } },
    outcome: refused("spec.secret.name", "name must be the name of a Secret"),
  }),
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
  ...bucketSettingCases,
  ...userCases,
  ...grantCases("User"),
  ...accessKeyCases,
  ...policyCases,
  ...providerRefCases("Bucket"),
  ...driftCases,
  ...grantCases("Bucket"),
  ...providerRefCases("User"),
  ...providerRefCases("AccessKey"),
  ...providerRefCases("IAMPolicy"),
  ...(Object.keys(validSpecs) as KindName[]).flatMap(specCases),
];
