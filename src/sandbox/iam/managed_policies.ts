/** Managed policies that every account has (wasabi.md §4.3). */
import type { ManagedPolicy } from "./entities.ts";

const CREATED_AT = Date.UTC(2017, 0, 1);

const ACTIONS: readonly (readonly [name: string, actions: readonly string[]])[] = [
  ["AdministratorAccess", ["*"]],
  ["AmazonS3FullAccess", ["s3:*"]],
  ["AmazonS3ReadOnlyAccess", ["s3:Get*", "s3:List*"]],
  ["WasabiAdministratorAccess", ["*"]],
  ["WasabiFullAccess", ["s3:*"]],
  ["WasabiReadOnlyAccess", ["s3:Get*", "s3:List*"]],
];

/** All of them; new objects at each call, by ARN. */
export function managedPolicies(): ReadonlyMap<string, ManagedPolicy> {
  return new Map(ACTIONS.map(([policyName, actions]) => {
    const arn = `arn:aws:iam::aws:policy/${policyName}`;
    const statement = { Effect: "Allow", Action: actions, Resource: "*" };
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    return [arn, {
      accountId: "aws",
      policyId: `ANPA${policyName.toUpperCase()}`,
      policyName,
      path: "/",
      arn,
      description: undefined,
      createdAt: CREATED_AT,
      updatedAt: CREATED_AT,
      defaultVersionId: "v1",
      versionCount: 1,
      versions: new Map([["v1", { versionId: "v1", document, createdAt: CREATED_AT }]]),
    }];
  }));
}
