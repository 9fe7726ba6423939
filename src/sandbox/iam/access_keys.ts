/** Access keys of users. */
import { generateKey, type KeyStatus } from "../s3/keys.ts";
import { type IamCall, type IamResult, iamTime, pageOf, userOf } from "./call.ts";
import type { User, UserKey } from "./entities.ts";
import { IamError } from "./error.ts";

const MAX_KEYS = 2;

/** CreateAccessKey: the only answer that has the secret. */
export function createAccessKey(call: IamCall): IamResult {
  const user = userOf(call);
  if (user.keys.size >= MAX_KEYS) {
    throw new IamError("LimitExceeded", `Cannot exceed quota for AccessKeysPerUser: ${MAX_KEYS}`);
  }
  const createdAt = call.directory.clock.now();
  const key: UserKey = { ...generateKey(), createdAt, status: "Active" };
  user.keys.set(key.accessKeyId, key);
  call.directory.publishKey(user, key.accessKeyId);
  return {
    AccessKey: {
      UserName: user.userName,
      AccessKeyId: key.accessKeyId,
      Status: key.status,
      SecretAccessKey: key.secretAccessKey,
      CreateDate: iamTime(createdAt),
    },
  };
}

/** ListAccessKeys. */
export function listAccessKeys(call: IamCall): IamResult {
  const user = userOf(call);
  return {
    UserName: user.userName,
    ...pageOf(call, [...user.keys.values()], {
      element: "AccessKeyMetadata",
      id: ({ accessKeyId }) => accessKeyId,
      show: ({ accessKeyId, status, createdAt }) => ({
        UserName: user.userName,
        AccessKeyId: accessKeyId,
        Status: status,
        CreateDate: iamTime(createdAt),
      }),
    }),
  };
}

/** UpdateAccessKey. */
export function updateAccessKey(call: IamCall): IamResult {
  const user = userOf(call);
  const key = keyOf(call, user);
  const status: KeyStatus = call.parameters.required("Status") === "Active" ? "Active" : "Inactive";
  user.keys.set(key.accessKeyId, { ...key, status });
  call.directory.publishKey(user, key.accessKeyId);
  return {};
}

/** DeleteAccessKey. */
export function deleteAccessKey(call: IamCall): IamResult {
  const user = userOf(call);
  const { accessKeyId } = keyOf(call, user);
  user.keys.delete(accessKeyId);
  call.directory.publishKey(user, accessKeyId);
  return {};
}

/** GetAccessKeyLastUsed. */
export function getAccessKeyLastUsed({ directory, parameters, key }: IamCall): IamResult {
  const accessKeyId = parameters.required("AccessKeyId");
  const user = [...directory.users.values()].find(({ accountId, keys }) =>
    accountId === key.accountId && keys.has(accessKeyId)
  );
  if (user === undefined) throw noSuchKey(accessKeyId);
  const use = directory.useOf(accessKeyId);
  return {
    UserName: user.userName,
    AccessKeyLastUsed: {
      LastUsedDate: use === undefined ? undefined : iamTime(use.at),
      ServiceName: use?.service ?? "N/A",
      Region: use?.region ?? "N/A",
    },
  };
}

function keyOf({ parameters }: IamCall, user: User): UserKey {
  const accessKeyId = parameters.required("AccessKeyId");
  const key = user.keys.get(accessKeyId);
  if (key === undefined) throw noSuchKey(accessKeyId);
  return key;
}

function noSuchKey(accessKeyId: string): IamError {
  return new IamError("NoSuchEntity", `The Access Key with id ${accessKeyId} cannot be found.`);
}
