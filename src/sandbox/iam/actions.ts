/**
 * The table of actions: what they are called, what they take, what they are about.
 *
 * Source of the list: api:iam-and-sts-support (wasabi.md §4.1).
 */
import { arnOf } from "../policy/principal.ts";
import {
  createAccessKey,
  deleteAccessKey,
  getAccessKeyLastUsed,
  listAccessKeys,
  updateAccessKey,
} from "./access_keys.ts";
import type { IamCall, IamHandler } from "./call.ts";
import { nameIn } from "./directory.ts";
import { IamError } from "./error.ts";
import type { ParameterNames } from "./parameters.ts";
import {
  createPolicy,
  deletePolicy,
  getPolicy,
  listEntitiesForPolicy,
  listPolicies,
  policyArn,
} from "./policies.ts";
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
} from "./policy_versions.ts";
import {
  attachUserPolicy,
  deleteUserPolicy,
  detachUserPolicy,
  getUserPolicy,
  listAttachedUserPolicies,
  listUserPolicies,
  putUserPolicy,
} from "./user_policies.ts";
import {
  createUser,
  deleteUser,
  emptyListOf,
  getUser,
  listUsers,
  noLoginProfile,
  userArn,
} from "./users.ts";

/** One action. */
export interface Action extends ParameterNames {
  readonly name: string;
  readonly service: "iam" | "sts";
  /** ARN that a policy has to allow it for; undefined where everybody may. */
  readonly resource: (call: IamCall) => string | undefined;
  readonly run: IamHandler;
}

const PAGE = ["Marker", "MaxItems"];
const USER = ["UserName"];
const POLICY = ["PolicyArn"];
const INLINE = ["UserName", "PolicyName"];
const ATTACHMENT = ["UserName", "PolicyArn"];
const VERSION = ["PolicyArn", "VersionId"];

/** Actions about a user, by name: required and optional parameters. */
const USER_ACTIONS: readonly Row[] = [
  ["CreateUser", USER, ["Path"], createUser],
  ["GetUser", [], USER, getUser],
  ["DeleteUser", USER, [], deleteUser],
  ["CreateAccessKey", [], USER, createAccessKey],
  ["ListAccessKeys", [], [...USER, ...PAGE], listAccessKeys],
  ["UpdateAccessKey", ["AccessKeyId", "Status"], USER, updateAccessKey],
  ["DeleteAccessKey", ["AccessKeyId"], USER, deleteAccessKey],
  ["PutUserPolicy", [...INLINE, "PolicyDocument"], [], putUserPolicy],
  ["GetUserPolicy", INLINE, [], getUserPolicy],
  ["DeleteUserPolicy", INLINE, [], deleteUserPolicy],
  ["ListUserPolicies", USER, PAGE, listUserPolicies],
  ["AttachUserPolicy", ATTACHMENT, [], attachUserPolicy],
  ["DetachUserPolicy", ATTACHMENT, [], detachUserPolicy],
  ["ListAttachedUserPolicies", USER, ["PathPrefix", ...PAGE], listAttachedUserPolicies],
  ["ListGroupsForUser", USER, PAGE, emptyListOf("Groups")],
  ["ListMFADevices", [], [...USER, ...PAGE], emptyListOf("MFADevices")],
  ["GetLoginProfile", [], USER, noLoginProfile],
  ["DeleteLoginProfile", [], USER, noLoginProfile],
];

const POLICY_ACTIONS: readonly Row[] = [
  ["GetPolicy", POLICY, [], getPolicy],
  ["DeletePolicy", POLICY, [], deletePolicy],
  ["ListEntitiesForPolicy", POLICY, ["EntityFilter", "PathPrefix", ...PAGE], listEntitiesForPolicy],
  ["CreatePolicyVersion", [...POLICY, "PolicyDocument"], ["SetAsDefault"], createPolicyVersion],
  ["GetPolicyVersion", VERSION, [], getPolicyVersion],
  ["ListPolicyVersions", POLICY, PAGE, listPolicyVersions],
  ["SetDefaultPolicyVersion", VERSION, [], setDefaultPolicyVersion],
  ["DeletePolicyVersion", VERSION, [], deletePolicyVersion],
];

/** Actions about no single thing: a policy has to allow them for "*". */
const OTHER_ACTIONS: readonly Row[] = [
  ["ListUsers", [], ["PathPrefix", ...PAGE], listUsers],
  [
    "ListPolicies",
    [],
    ["Scope", "OnlyAttached", "PathPrefix", "PolicyUsageFilter", ...PAGE],
    listPolicies,
  ],
  ["GetAccessKeyLastUsed", ["AccessKeyId"], [], getAccessKeyLastUsed],
];

type Row = readonly [
  name: string,
  required: readonly string[],
  optional: readonly string[],
  run: IamHandler,
];

const ACTIONS: ReadonlyMap<string, Action> = new Map(
  [
    ...USER_ACTIONS.map(toAction(userResource)),
    ...POLICY_ACTIONS.map(toAction(({ parameters }) => parameters.required("PolicyArn"))),
    ...OTHER_ACTIONS.map(toAction(() => "*")),
    toAction(newPolicyResource)([
      "CreatePolicy",
      ["PolicyName", "PolicyDocument"],
      ["Path", "Description"],
      createPolicy,
    ]),
    {
      name: "GetCallerIdentity",
      service: "sts" as const,
      required: [],
      optional: [],
      resource: () => undefined,
      run: getCallerIdentity,
    },
  ].map((action) => [action.name, action]),
);

/** Actions that Wasabi has besides: "not here" is not "not there". */
const ONLY_ON_WASABI = new RegExp(
  "^(UpdateUser|ListRoles|AssumeRole|GetSessionToken|UpdateAssumeRolePolicy|" +
    "(Create|Get|Delete)(Role|Group)|(List|Update)Groups?|(Add|Remove)User(To|From)Group|" +
    "(Put|Get|Delete|List)(Group|Role)Polic(y|ies)|" +
    "(Attach|Detach|ListAttached)(Group|Role)Polic(y|ies)|(Create|Update)LoginProfile|" +
    "ChangePassword|(Create|Delete|List)VirtualMFADevices?|(Enable|Deactivate|Resync)MFADevice|" +
    "(Create|Delete|List)AccountAlias(es)?|(Get|Update|Delete)AccountPasswordPolicy|" +
    "GetAccountSummary|GetAccountAuthorizationDetails)$",
);

/**
 * The action of that name.
 *
 * @throws {IamError} InvalidAction for what Wasabi does not have, NotImplemented for what only the
 * sandbox does not have.
 */
export function actionOf(name: string, version: string): Action {
  const action = ACTIONS.get(name);
  const expected = action?.service === "sts" ? "2011-06-15" : "2010-05-08";
  if (action !== undefined && version === expected) return action;
  if (ONLY_ON_WASABI.test(name)) {
    throw new IamError("NotImplemented", `The sandbox does not support ${name}`);
  }
  throw new IamError("InvalidAction", `Could not find operation ${name} for version ${version}`);
}

function toAction(resource: Action["resource"]): (row: Row) => Action {
  return ([name, required, optional, run]) => ({
    name,
    service: "iam",
    required,
    optional,
    resource,
    run,
  });
}

function userResource({ directory, parameters, key }: IamCall): string {
  const userName = parameters.optional("UserName") ?? key.user?.userName;
  if (userName === undefined) return "*";
  const user = directory.users.get(nameIn(key.accountId, userName));
  return user?.arn ?? userArn(key.accountId, { userName, path: parameters.optional("Path") });
}

function newPolicyResource({ parameters, key }: IamCall): string {
  const policyName = parameters.required("PolicyName");
  return policyArn(key.accountId, { policyName, path: parameters.optional("Path") });
}

function getCallerIdentity({ principal, key }: IamCall): ReturnType<IamHandler> {
  return {
    Arn: arnOf(principal),
    UserId: key.user?.userId ?? key.accountId,
    Account: key.accountId,
  };
}
