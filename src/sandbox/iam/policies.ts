/** Managed policies. */
import type { XmlValue } from "../s3/xml.ts";
import {
  checkDocument,
  type IamCall,
  type IamResult,
  iamTime,
  ownPolicyOf,
  pageOf,
  policyOf,
  sizeOf,
} from "./call.ts";
import type { AccountDirectory } from "./directory.ts";
import type { ManagedPolicy } from "./entities.ts";
import { IamError } from "./error.ts";

/** docs:policies-1; the size is AWS's (wasabi.md §2.10). */
const MAX_POLICIES = 1_000;
const MAX_SIZE = 6_144;

/** ARN that a policy of that name and path has. */
export function policyArn(
  accountId: string,
  { policyName, path = "/" }: { readonly policyName: string; readonly path?: string | undefined },
): string {
  return `arn:aws:iam::${accountId}:policy${path}${policyName}`;
}

/** CreatePolicy. */
export function createPolicy(call: IamCall): IamResult {
  const { directory, parameters, key: { accountId } } = call;
  const policyName = parameters.required("PolicyName");
  const path = parameters.optional("Path") ?? "/";
  const document = parameters.required("PolicyDocument");
  checkManagedDocument(document);
  const own = policiesOf(directory, accountId);
  const isTaken = own.some((policy) =>
    policy.policyName.toLowerCase() === policyName.toLowerCase()
  );
  if (isTaken) {
    throw new IamError("EntityAlreadyExists", `A policy called ${policyName} already exists.`);
  }
  if (own.length >= MAX_POLICIES) {
    throw new IamError(
      "LimitExceeded",
      `Cannot exceed quota for PoliciesPerAccount: ${MAX_POLICIES}`,
    );
  }
  const createdAt = directory.clock.now();
  const policy: ManagedPolicy = {
    accountId,
    policyId: directory.nextId("ANPA"),
    policyName,
    path,
    arn: policyArn(accountId, { policyName, path }),
    description: parameters.optional("Description"),
    createdAt,
    updatedAt: createdAt,
    defaultVersionId: "v1",
    versionCount: 1,
    versions: new Map([["v1", { versionId: "v1", document, createdAt }]]),
  };
  directory.policies.set(policy.arn, policy);
  return { Policy: show(directory)(policy) };
}

/** GetPolicy. */
export function getPolicy(call: IamCall): IamResult {
  const policy = policyOf(call);
  const described = policy.description === undefined ? {} : { Description: policy.description };
  return { Policy: { ...show(call.directory)(policy), ...described } };
}

/** ListPolicies. */
export function listPolicies(call: IamCall): IamResult {
  const { directory, parameters, key } = call;
  const scope = parameters.optional("Scope") ?? "All";
  const prefix = parameters.optional("PathPrefix") ?? "/";
  const isOnlyAttached = parameters.optional("OnlyAttached") === "true";
  const policies = [
    ...(scope === "AWS" ? [] : policiesOf(directory, key.accountId)),
    ...(scope === "Local" ? [] : policiesOf(directory, "aws")),
  ].filter(({ path, arn }) =>
    path.startsWith(prefix) && (!isOnlyAttached || directory.usersWith(arn).length > 0)
  );
  return pageOf(call, policies, {
    element: "Policies",
    id: ({ arn }) => arn,
    show: show(directory),
  });
}

/** DeletePolicy: only of one that is attached to nothing and has one version. */
export function deletePolicy(call: IamCall): IamResult {
  const policy = ownPolicyOf(call);
  if (call.directory.usersWith(policy.arn).length > 0) {
    throw new IamError("DeleteConflict", "Cannot delete a policy attached to entities.");
  }
  if (policy.versions.size > 1) {
    throw new IamError(
      "DeleteConflict",
      "This policy has more than one version. Before you delete a policy, you must delete the " +
        "policy's versions. The default version is deleted with the policy.",
    );
  }
  call.directory.policies.delete(policy.arn);
  return {};
}

/** ListEntitiesForPolicy: users, for there is nothing else here to attach to. */
export function listEntitiesForPolicy(call: IamCall): IamResult {
  const policy = policyOf(call);
  const filter = call.parameters.optional("EntityFilter") ?? "User";
  const users = filter === "User" ? call.directory.usersWith(policy.arn) : [];
  const own = users.filter(({ accountId }) => accountId === call.key.accountId);
  return {
    PolicyGroups: { member: [] },
    PolicyRoles: { member: [] },
    ...pageOf(call, own, {
      element: "PolicyUsers",
      id: ({ userName }) => userName,
      show: ({ userName, userId }) => ({ UserName: userName, UserId: userId }),
    }),
  };
}

/** @throws {IamError} MalformedPolicyDocument, LimitExceeded */
export function checkManagedDocument(document: string): void {
  checkDocument(document);
  if (sizeOf(document) > MAX_SIZE) {
    throw new IamError("LimitExceeded", `Cannot exceed quota for PolicySize: ${MAX_SIZE}`);
  }
}

function policiesOf(directory: AccountDirectory, accountId: string): readonly ManagedPolicy[] {
  return [...directory.policies.values()].filter((policy) => policy.accountId === accountId);
}

function show(directory: AccountDirectory): (policy: ManagedPolicy) => Record<string, XmlValue> {
  return (policy) => ({
    PolicyName: policy.policyName,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: directory.usersWith(policy.arn).length,
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: iamTime(policy.createdAt),
    UpdateDate: iamTime(policy.updatedAt),
  });
}
