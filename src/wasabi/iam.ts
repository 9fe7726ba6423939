/**
 * IAM users: the operations that the operator uses, one typed function each.
 *
 * Every function throws ProviderError, unless its docstring says what an error code means.
 */
import type { User as SdkUser } from "@aws-sdk/client-iam";
import { allPages, callIam, type Iam, orUndefined } from "./iam_call.ts";
import { ProviderError } from "./error.ts";

/** A user as the service has it. */
export interface IamUser {
  readonly userId: string;
  readonly userName: string;
  readonly arn: string;
  /** Milliseconds since 1970; undefined where the service does not say. */
  readonly createdAtMs: number | undefined;
}

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** Number of the account, from {@link callerArn}. */
export async function accountId(session: Iam["session"], signal: AbortSignal): Promise<string> {
  return accountOf(await callerArn(session, signal));
}

/**
 * ARN of the key's own identity, a user or the account's root, learnt once per session: GetUser
 * without a name is "who am I" (wasabi §4.4).
 */
export async function callerArn(session: Iam["session"], signal: AbortSignal): Promise<string> {
  return await session.iam.rememberCaller(async () => {
    const answer = await callIam({ session, signal }, {
      operation: "GetUser",
      send: ({ client, sdk }, options) => client.send(new sdk.GetUserCommand({}), options),
    });
    const arn = answer.User?.Arn ?? "";
    // An answer without an account is no answer, and not remembered.
    accountOf(arn);
    return arn;
  });
}

/** Account of an ARN such as `arn:aws:iam::100000000001:root`. */
function accountOf(arn: string): string {
  const account = arn.split(":")[4];
  if (account !== undefined && /^[0-9A-Za-z]+$/.test(account)) return account;
  throw new ProviderError(`Cannot learn the account's number: received ARN "${arn}"`, {
    kind: "Invalid",
    operation: "GetUser",
    code: "NoAccountInArn",
    httpStatus: 200,
  });
}

/** A user; undefined when there is none of that name. */
export async function getUser(iam: Iam, userName: string): Promise<IamUser | undefined> {
  const answer = await orUndefined(callIam(iam, {
    operation: "GetUser",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.GetUserCommand({ UserName: userName }), options),
  }));
  return answer === undefined ? undefined : userOf(answer.User, userName);
}

/**
 * Creates a user, without tags: whether they are ignored or refused where there are none is not
 * known (wasabi §4.2).
 */
export async function createUser(iam: Iam, userName: string): Promise<IamUser> {
  const answer = await callIam(iam, {
    operation: "CreateUser",
    repeatable: false,
    send: ({ client, sdk }, options) =>
      client.send(new sdk.CreateUserCommand({ UserName: userName }), options),
  });
  return userOf(answer.User, userName);
}

/** Deletes a user that has nothing left; one that is gone already is no error. */
export async function deleteUser(iam: Iam, userName: string): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DeleteUser",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.DeleteUserCommand({ UserName: userName }), options),
  }));
}

/** Tags of a user. */
export async function listUserTags(iam: Iam, userName: string): Promise<Tags> {
  const tags = await allPages((marker) =>
    callIam(iam, {
      operation: "ListUserTags",
      send: ({ client, sdk }, options) =>
        client.send(new sdk.ListUserTagsCommand({ UserName: userName, Marker: marker }), options),
    }), ({ Tags }) => Tags);
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
}

/** Adds tags, or changes their values. */
export async function tagUser(
  iam: Iam,
  userName: string,
  { tags }: { readonly tags: Tags },
): Promise<void> {
  const list = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await callIam(iam, {
    operation: "TagUser",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.TagUserCommand({ UserName: userName, Tags: list }), options),
  });
}

/** Removes tags. */
export async function untagUser(
  iam: Iam,
  userName: string,
  { keys }: { readonly keys: readonly string[] },
): Promise<void> {
  await callIam(iam, {
    operation: "UntagUser",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.UntagUserCommand({ UserName: userName, TagKeys: [...keys] }), options),
  });
}

/** Names of the groups that a user is in. */
export async function listGroupsForUser(iam: Iam, userName: string): Promise<readonly string[]> {
  const groups = await allPages((marker) =>
    callIam(iam, {
      operation: "ListGroupsForUser",
      send: ({ client, sdk }, options) =>
        client.send(
          new sdk.ListGroupsForUserCommand({ UserName: userName, Marker: marker }),
          options,
        ),
    }), ({ Groups }) => Groups);
  return groups.map(({ GroupName }) => GroupName ?? "");
}

/** Takes a user out of a group; one that is not in it is no error. */
export async function removeUserFromGroup(
  iam: Iam,
  userName: string,
  { group }: { readonly group: string },
): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "RemoveUserFromGroup",
    send: ({ client, sdk }, options) =>
      client.send(
        new sdk.RemoveUserFromGroupCommand({ UserName: userName, GroupName: group }),
        options,
      ),
  }));
}

/** True when the user has a password. */
export async function hasLoginProfile(iam: Iam, userName: string): Promise<boolean> {
  const answer = await orUndefined(callIam(iam, {
    operation: "GetLoginProfile",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.GetLoginProfileCommand({ UserName: userName }), options),
  }));
  return answer !== undefined;
}

/** Removes a user's password; one that has none is no error. */
export async function deleteLoginProfile(iam: Iam, userName: string): Promise<void> {
  await orUndefined(callIam(iam, {
    operation: "DeleteLoginProfile",
    send: ({ client, sdk }, options) =>
      client.send(new sdk.DeleteLoginProfileCommand({ UserName: userName }), options),
  }));
}

function userOf(user: SdkUser | undefined, userName: string): IamUser {
  return {
    userName,
    userId: user?.UserId ?? "",
    arn: user?.Arn ?? "",
    createdAtMs: user?.CreateDate?.getTime(),
  };
}
