/** Versions of managed policies. */
import type { XmlValue } from "../s3/xml.ts";
import {
  encodeDocument,
  type IamCall,
  type IamResult,
  iamTime,
  ownPolicyOf,
  pageOf,
  policyOf,
} from "./call.ts";
import type { ManagedPolicy, PolicyVersion } from "./entities.ts";
import { IamError } from "./error.ts";
import { checkManagedDocument } from "./policies.ts";

/** Unknown for Wasabi: AWS's number (wasabi.md §4.5). */
const MAX_VERSIONS = 5;

/** CreatePolicyVersion. */
export function createPolicyVersion(call: IamCall): IamResult {
  const policy = ownPolicyOf(call);
  const document = call.parameters.required("PolicyDocument");
  checkManagedDocument(document);
  if (policy.versions.size >= MAX_VERSIONS) {
    throw new IamError(
      "LimitExceeded",
      `A managed policy can have up to ${MAX_VERSIONS} versions. Before you create a new ` +
        "version, you must delete an existing version.",
    );
  }
  policy.versionCount += 1;
  const versionId = `v${policy.versionCount}`;
  const version = { versionId, document, createdAt: call.directory.clock.now() };
  policy.versions.set(versionId, version);
  if (call.parameters.optional("SetAsDefault") === "true") makeDefault(call, policy, versionId);
  return { PolicyVersion: show(policy)(version) };
}

/** GetPolicyVersion. */
export function getPolicyVersion(call: IamCall): IamResult {
  const policy = policyOf(call);
  const version = versionOf(call, policy);
  const document = encodeDocument(version.document);
  return { PolicyVersion: { ...show(policy)(version), Document: document } };
}

/** ListPolicyVersions. */
export function listPolicyVersions(call: IamCall): IamResult {
  const policy = policyOf(call);
  return pageOf(call, [...policy.versions.values()], {
    element: "Versions",
    id: ({ versionId }) => versionId.slice(1).padStart(6, "0"),
    show: show(policy),
  });
}

/** SetDefaultPolicyVersion. */
export function setDefaultPolicyVersion(call: IamCall): IamResult {
  const policy = ownPolicyOf(call);
  makeDefault(call, policy, versionOf(call, policy).versionId);
  return {};
}

/** DeletePolicyVersion. */
export function deletePolicyVersion(call: IamCall): IamResult {
  const policy = ownPolicyOf(call);
  const { versionId } = versionOf(call, policy);
  if (versionId === policy.defaultVersionId) {
    throw new IamError("DeleteConflict", "Cannot delete the default version of a policy.");
  }
  policy.versions.delete(versionId);
  return {};
}

function makeDefault({ directory }: IamCall, policy: ManagedPolicy, versionId: string): void {
  policy.defaultVersionId = versionId;
  policy.updatedAt = directory.clock.now();
  for (const user of directory.usersWith(policy.arn)) directory.publishPolicies(user);
}

function versionOf({ parameters }: IamCall, policy: ManagedPolicy): PolicyVersion {
  const versionId = parameters.required("VersionId");
  const version = policy.versions.get(versionId);
  if (version !== undefined) return version;
  throw new IamError("NoSuchEntity", `Policy ${policy.arn} version ${versionId} does not exist.`);
}

function show(policy: ManagedPolicy): (version: PolicyVersion) => Record<string, XmlValue> {
  return ({ versionId, createdAt }) => ({
    VersionId: versionId,
    IsDefaultVersion: versionId === policy.defaultVersionId,
    CreateDate: iamTime(createdAt),
  });
}
