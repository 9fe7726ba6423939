/**
 * Access keys of IAM users, one typed function for each operation; all throw ProviderError.
 */
import { ProviderError } from "./error.ts";
import { allPages, callIam, type Iam, orUndefined } from "./iam_call.ts";

/** A key as the service lists it. */
export interface ListedKey {
  readonly accessKeyId: string;
  readonly active: boolean;
  /** Milliseconds since 1970; 0 where the service does not say. */
  readonly createdAtMs: number;
}

/** A new key; the only answer that ever has the secret. */
export interface CreatedKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Milliseconds since 1970; undefined where the service does not say. */
  readonly createdAtMs: number | undefined;
}

/** Makes a key. A lost answer may have made one all the same: list the keys afterwards. */
export async function createAccessKey(iam: Iam, userName: string): Promise<CreatedKey> {
  const operation = "CreateAccessKey";
  const answer = await callIam(iam, {
    operation,
    repeatable: false,
    send: ({ client, sdk }, options) =>
      client.send(new sdk.CreateAccessKeyCommand({ UserName: userName }), options),
  });
  const { AccessKeyId, SecretAccessKey, CreateDate } = answer.AccessKey ?? {};
  if (!AccessKeyId || !SecretAccessKey) {
    throw new ProviderError(`Cannot ${operation}: the answer holds no key`, {
      kind: "Invalid",
      operation,
      code: "NoKeyInAnswer",
      httpStatus: 200,
    });
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    createdAtMs: CreateDate?.getTime(),
  };
}

/** Keys of a user; undefined when there is no such user. */
export async function listAccessKeys(
  iam: Iam,
  userName: string,
): Promise<readonly ListedKey[] | undefined> {
  const keys = await orUndefined(allPages((marker) =>
    callIam(iam, {
      operation: "ListAccessKeys",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.ListAccessKeysCommand({ UserName: userName, Marker: marker }),
          options,
        ),
    }), ({ AccessKeyMetadata }) => AccessKeyMetadata));
  return keys?.map(({ AccessKeyId, Status, CreateDate }) => ({
    accessKeyId: AccessKeyId ?? "",
    active: Status === "Active",
    createdAtMs: CreateDate?.getTime() ?? 0,
  }));
}

/** Switches a key on or off. */
export async function updateAccessKey(
  iam: Iam,
  userName: string,
  { accessKeyId, active }: { readonly accessKeyId: string; readonly active: boolean },
): Promise<void> {
  await callIam(iam, {
    operation: "UpdateAccessKey",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.UpdateAccessKeyCommand({
          UserName: userName,
          AccessKeyId: accessKeyId,
          Status: active ? "Active" : "Inactive",
        }),
        options,
      ),
  });
}

/** Deletes a key; one that is gone already is no error. */
export async function deleteAccessKey(
  iam: Iam,
  userName: string,
  { accessKeyId }: { readonly accessKeyId: string },
): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DeleteAccessKey",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: accessKeyId }),
        options,
      ),
  }));
}

/** When a key was last used. */
export type LastUse =
  /** Milliseconds since 1970. */
  | { readonly kind: "used"; readonly atMs: number }
  | { readonly kind: "unused" }
  /** The service does not say. */
  | { readonly kind: "unsupported"; readonly code: string };

/** Asks when a key was last used. */
export async function getAccessKeyLastUsed(iam: Iam, accessKeyId: string): Promise<LastUse> {
  try {
    const answer = await callIam(iam, {
      operation: "GetAccessKeyLastUsed",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.GetAccessKeyLastUsedCommand({ AccessKeyId: accessKeyId }),
          options,
        ),
    });
    const at = answer.AccessKeyLastUsed?.LastUsedDate;
    return at === undefined ? { kind: "unused" } : { kind: "used", atMs: at.getTime() };
  } catch (error) {
    const unsupported = error instanceof ProviderError && error.kind === "Unsupported";
    if (unsupported) return { kind: "unsupported", code: error.code };
    throw error;
  }
}
