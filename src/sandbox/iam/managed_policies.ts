/** Managed policies that every account has (wasabi.md §4.3). */

const PREFIX = "arn:aws:iam::aws:policy/";

const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["AdministratorAccess", ["*"]],
  ["AmazonS3FullAccess", ["s3:*"]],
  ["AmazonS3ReadOnlyAccess", ["s3:Get*", "s3:List*"]],
  ["WasabiAdministratorAccess", ["*"]],
  ["WasabiFullAccess", ["s3:*"]],
  ["WasabiReadOnlyAccess", ["s3:Get*", "s3:List*"]],
]);

/** ARNs of all of them. */
export function managedArns(): readonly string[] {
  return [...ACTIONS.keys()].map((name) => `${PREFIX}${name}`);
}

/** Document of one of them. */
export function managedDocument(arn: string): string | undefined {
  const actions = arn.startsWith(PREFIX) ? ACTIONS.get(arn.slice(PREFIX.length)) : undefined;
  if (actions === undefined) return undefined;
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
