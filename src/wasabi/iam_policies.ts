/**
 * Managed policies, one typed function for each operation; all throw ProviderError.
 */
import type { Policy } from "@aws-sdk/client-iam";
import { allPages, callIam, type Iam, orUndefined } from "./iam_call.ts";
import { decodeDocument } from "./iam_user_policies.ts";

/** A managed policy as the service has it. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly policyName: string;
  readonly defaultVersionId: string;
  /** The predecessor marked its policies here; not every service returns it. */
  readonly description: string | undefined;
}

/** One version of a managed policy. */
export interface PolicyVersion {
  readonly versionId: string;
  readonly isDefault: boolean;
  /** Milliseconds since 1970; 0 where the service does not say. */
  readonly createdAtMs: number;
}

/** Makes a managed policy; `document` is its JSON text. */
export async function createPolicy(
  iam: Iam,
  policyName: string,
  { document, description }: { readonly document: string; readonly description: string },
): Promise<ManagedPolicy> {
  const answer = await callIam(iam, {
    operation: "CreatePolicy",
    repeatable: false,
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.CreatePolicyCommand({
          PolicyName: policyName,
          PolicyDocument: document,
          Description: description,
        }),
        options,
      ),
  });
  return policyOf(answer.Policy);
}

/** A managed policy; undefined when there is none of that ARN. */
export async function getPolicy(iam: Iam, policyArn: string): Promise<ManagedPolicy | undefined> {
  const answer = await orUndefined(callIam(iam, {
    operation: "GetPolicy",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.GetPolicyCommand({ PolicyArn: policyArn }), options),
  }));
  return answer === undefined ? undefined : policyOf(answer.Policy);
}

/** Deletes a policy that is attached nowhere and has no other version; gone is no error. */
export async function deletePolicy(iam: Iam, policyArn: string): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DeletePolicy",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.DeletePolicyCommand({ PolicyArn: policyArn }), options),
  }));
}

/** Adds a version and makes it the one that holds. */
export async function createPolicyVersion(
  iam: Iam,
  policyArn: string,
  { document }: { readonly document: string },
): Promise<void> {
  await callIam(iam, {
    operation: "CreatePolicyVersion",
    repeatable: false,
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.CreatePolicyVersionCommand({
          PolicyArn: policyArn,
          PolicyDocument: document,
          SetAsDefault: true,
        }),
        options,
      ),
  });
}

/** JSON text of a version; undefined when there is none. */
export async function getPolicyVersion(
  iam: Iam,
  policyArn: string,
  { versionId }: { readonly versionId: string },
): Promise<string | undefined> {
  const answer = await orUndefined(callIam(iam, {
    operation: "GetPolicyVersion",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.GetPolicyVersionCommand({ PolicyArn: policyArn, VersionId: versionId }),
        options,
      ),
  }));
  return answer === undefined ? undefined : decodeDocument(answer.PolicyVersion?.Document ?? "");
}

/** All versions of a policy. */
export async function listPolicyVersions(
  iam: Iam,
  policyArn: string,
): Promise<readonly PolicyVersion[]> {
  const versions = await allPages((marker) =>
    callIam(iam, {
      operation: "ListPolicyVersions",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.ListPolicyVersionsCommand({ PolicyArn: policyArn, Marker: marker }),
          options,
        ),
    }), ({ Versions }) => Versions);
  return versions.map(({ VersionId, IsDefaultVersion, CreateDate }) => ({
    versionId: VersionId ?? "",
    isDefault: IsDefaultVersion ?? false,
    createdAtMs: CreateDate?.getTime() ?? 0,
  }));
}

/** Deletes a version that is not the default one; gone is no error. */
export async function deletePolicyVersion(
  iam: Iam,
  policyArn: string,
  { versionId }: { readonly versionId: string },
): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DeletePolicyVersion",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.DeletePolicyVersionCommand({ PolicyArn: policyArn, VersionId: versionId }),
        options,
      ),
  }));
}

/** Whom a policy is attached to, by name. */
export interface PolicyEntities {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}

/** Lists whom a policy is attached to. */
export async function listEntitiesForPolicy(iam: Iam, policyArn: string): Promise<PolicyEntities> {
  const pages = await allPages((marker) =>
    callIam(iam, {
      operation: "ListEntitiesForPolicy",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.ListEntitiesForPolicyCommand({ PolicyArn: policyArn, Marker: marker }),
          options,
        ),
    }), (page) => [page]);
  return {
    users: pages.flatMap(({ PolicyUsers = [] }) => PolicyUsers.map((user) => user.UserName ?? "")),
    groups: pages.flatMap(({ PolicyGroups = [] }) =>
      PolicyGroups.map((group) => group.GroupName ?? "")
    ),
    roles: pages.flatMap(({ PolicyRoles = [] }) => PolicyRoles.map((role) => role.RoleName ?? "")),
  };
}

function policyOf(policy: Policy | undefined): ManagedPolicy {
  return {
    arn: policy?.Arn ?? "",
    policyName: policy?.PolicyName ?? "",
    defaultVersionId: policy?.DefaultVersionId ?? "",
    description: policy?.Description,
  };
}
