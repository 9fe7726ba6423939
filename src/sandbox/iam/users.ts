/** Users. */
import { accountArn } from "../policy/principal.ts";
import type { XmlValue } from "../s3/xml.ts";
import { type IamCall, type IamResult, iamTime, pageOf, userOf } from "./call.ts";
import { nameIn } from "./directory.ts";
import type { User } from "./entities.ts";
import { IamError } from "./error.ts";

/** docs:users-1 (wasabi.md §2.10). */
const MAX_USERS = 4_999;

/** ARN that a user of that name and path has. */
export function userArn(
  accountId: string,
  { userName, path = "/" }: { readonly userName: string; readonly path?: string | undefined },
): string {
  return `arn:aws:iam::${accountId}:user${path}${userName}`;
}

/** CreateUser. */
export function createUser({ directory, parameters, key }: IamCall): IamResult {
  const userName = parameters.required("UserName");
  const path = parameters.optional("Path") ?? "/";
  const { accountId } = key;
  if (directory.users.has(nameIn(accountId, userName))) {
    throw new IamError("EntityAlreadyExists", `User with name ${userName} already exists.`);
  }
  if (usersOf(directory.users.values(), accountId).length >= MAX_USERS) {
    throw new IamError("LimitExceeded", `Cannot exceed quota for UsersPerAccount: ${MAX_USERS}`);
  }
  const user: User = {
    accountId,
    userId: directory.nextId("AIDA"),
    userName,
    path,
    arn: userArn(accountId, { userName, path }),
    createdAt: directory.clock.now(),
    keys: new Map(),
    inline: new Map(),
    attached: new Set(),
  };
  directory.users.set(nameIn(accountId, userName), user);
  return { User: show(user) };
}

/** GetUser; without a name it is "who am I", and an account's own key gets no UserName. */
export function getUser(call: IamCall): IamResult {
  const { parameters, key } = call;
  if (parameters.optional("UserName") !== undefined || key.user !== undefined) {
    return { User: show(userOf(call)) };
  }
  const { accountId } = key;
  return { User: { UserId: accountId, Arn: accountArn(accountId), CreateDate: iamTime(0) } };
}

/** ListUsers. */
export function listUsers(call: IamCall): IamResult {
  const prefix = call.parameters.optional("PathPrefix") ?? "/";
  const users = usersOf(call.directory.users.values(), call.key.accountId)
    .filter(({ path }) => path.startsWith(prefix));
  return pageOf(call, users, { element: "Users", id: ({ userName }) => userName, show });
}

/** DeleteUser: only of a user that has nothing left. */
export function deleteUser(call: IamCall): IamResult {
  const user = userOf(call);
  const obstacles: readonly (readonly [size: number, what: string])[] = [
    [user.keys.size, "delete access keys"],
    [user.inline.size, "delete policies"],
    [user.attached.size, "detach all policies"],
  ];
  const obstacle = obstacles.find(([size]) => size > 0)?.[1];
  if (obstacle !== undefined) {
    throw new IamError("DeleteConflict", `Cannot delete entity, must ${obstacle} first.`);
  }
  call.directory.users.delete(nameIn(user.accountId, user.userName));
  return {};
}

/** ListGroupsForUser and ListMFADevices: there are none here, for a user that exists. */
export function emptyListOf(element: string): (call: IamCall) => IamResult {
  return (call) => {
    userOf(call);
    return { [element]: { member: [] }, IsTruncated: false };
  };
}

/** GetLoginProfile and DeleteLoginProfile: no user has a password here. */
export function noLoginProfile(call: IamCall): IamResult {
  const { userName } = userOf(call);
  throw new IamError("NoSuchEntity", `Login Profile for User ${userName} cannot be found.`);
}

function usersOf(users: Iterable<User>, accountId: string): readonly User[] {
  return [...users].filter((user) => user.accountId === accountId);
}

function show(user: User): XmlValue {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: user.arn,
    CreateDate: iamTime(user.createdAt),
  };
}
