/**
 * Policies of a user, inline and attached, one typed function for each operation; all throw
 * ProviderError.
 */
import { allPages, callIam, type Iam, orUndefined } from "./iam_call.ts";

/** Name of an inline policy of a user. */
export interface InlinePolicy {
  readonly userName: string;
  readonly policyName: string;
}

/** Writes an inline policy; `document` is its JSON text. */
export async function putUserPolicy(
  iam: Iam,
  { userName, policyName }: InlinePolicy,
  { document }: { readonly document: string },
): Promise<void> {
  await callIam(iam, {
    operation: "PutUserPolicy",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.PutUserPolicyCommand({
          UserName: userName,
          PolicyName: policyName,
          PolicyDocument: document,
        }),
        options,
      ),
  });
}

/** JSON text of an inline policy; undefined when there is none. */
export async function getUserPolicy(
  iam: Iam,
  { userName, policyName }: InlinePolicy,
): Promise<string | undefined> {
  const answer = await orUndefined(callIam(iam, {
    operation: "GetUserPolicy",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.GetUserPolicyCommand({ UserName: userName, PolicyName: policyName }),
        options,
      ),
  }));
  return answer === undefined ? undefined : decodeDocument(answer.PolicyDocument ?? "");
}

/** Removes an inline policy; one that is gone already is no error. */
export async function deleteUserPolicy(
  iam: Iam,
  { userName, policyName }: InlinePolicy,
): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DeleteUserPolicy",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.DeleteUserPolicyCommand({ UserName: userName, PolicyName: policyName }),
        options,
      ),
  }));
}

/** Names of the inline policies of a user. */
export async function listUserPolicies(iam: Iam, userName: string): Promise<readonly string[]> {
  return await allPages((marker) =>
    callIam(iam, {
      operation: "ListUserPolicies",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.ListUserPoliciesCommand({ UserName: userName, Marker: marker }),
          options,
        ),
    }), ({ PolicyNames }) => PolicyNames);
}

/** Attaches a managed policy. */
export async function attachUserPolicy(
  iam: Iam,
  userName: string,
  { policyArn }: { readonly policyArn: string },
): Promise<void> {
  await callIam(iam, {
    operation: "AttachUserPolicy",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.AttachUserPolicyCommand({ UserName: userName, PolicyArn: policyArn }),
        options,
      ),
  });
}

/** Detaches a managed policy; one that is not attached is no error. */
export async function detachUserPolicy(
  iam: Iam,
  userName: string,
  { policyArn }: { readonly policyArn: string },
): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DetachUserPolicy",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.DetachUserPolicyCommand({ UserName: userName, PolicyArn: policyArn }),
        options,
      ),
  }));
}

/** ARNs of the managed policies that are attached to a user. */
export async function listAttachedUserPolicies(
  iam: Iam,
  userName: string,
): Promise<readonly string[]> {
  const policies = await allPages((marker) =>
    callIam(iam, {
      operation: "ListAttachedUserPolicies",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.ListAttachedUserPoliciesCommand({ UserName: userName, Marker: marker }),
          options,
        ),
    }), ({ AttachedPolicies }) => AttachedPolicies);
  return policies.map(({ PolicyArn }) => PolicyArn ?? "");
}

/**
 * JSON text of a document as a service returned it: URL-encoded or plain, and the SDK decodes
 * neither (wasabi §4.5). Plain JSON begins with a brace, which the encoded form never does.
 */
export function decodeDocument(text: string): string {
  const trimmed = text.trim();
  if (trimmed.startsWith("{")) return trimmed;
  try {
    return decodeURIComponent(trimmed.replaceAll("+", "%20"));
  } catch {
    return trimmed;
  }
}
