/** Policies of a user: those written into it, and managed ones attached to it. */
import {
  checkDocument,
  encodeDocument,
  type IamCall,
  type IamResult,
  pageOf,
  policyOf,
  sizeOf,
  userOf,
} from "./call.ts";
import { IamError } from "./error.ts";

/** Not documented by Wasabi: AWS's numbers (wasabi.md §2.10). */
const MAX_INLINE_SIZE = 2_048;
const MAX_ATTACHED = 10;

/** PutUserPolicy: makes or replaces. */
export function putUserPolicy(call: IamCall): IamResult {
  const user = userOf(call);
  const name = call.parameters.required("PolicyName");
  const document = call.parameters.required("PolicyDocument");
  checkDocument(document);
  const documents = new Map(user.inline).set(name, document);
  const size = [...documents.values()].reduce((sum, text) => sum + sizeOf(text), 0);
  if (size > MAX_INLINE_SIZE) {
    throw new IamError(
      "LimitExceeded",
      `Maximum policy size of ${MAX_INLINE_SIZE} bytes exceeded for user ${user.userName}`,
    );
  }
  user.inline.set(name, document);
  call.directory.publishPolicies(user);
  return {};
}

/** GetUserPolicy. */
export function getUserPolicy(call: IamCall): IamResult {
  const { userName, inline } = userOf(call);
  const name = call.parameters.required("PolicyName");
  const document = inline.get(name);
  if (document === undefined) throw noSuchPolicy(name);
  return { UserName: userName, PolicyName: name, PolicyDocument: encodeDocument(document) };
}

/** ListUserPolicies. */
export function listUserPolicies(call: IamCall): IamResult {
  return pageOf(call, [...userOf(call).inline.keys()], {
    element: "PolicyNames",
    id: (name) => name,
    show: (name) => name,
  });
}

/** DeleteUserPolicy. */
export function deleteUserPolicy(call: IamCall): IamResult {
  const user = userOf(call);
  const name = call.parameters.required("PolicyName");
  if (!user.inline.delete(name)) throw noSuchPolicy(name);
  call.directory.publishPolicies(user);
  return {};
}

/** AttachUserPolicy: once more is no error. */
export function attachUserPolicy(call: IamCall): IamResult {
  const user = userOf(call);
  const { arn } = policyOf(call);
  if (!user.attached.has(arn) && user.attached.size >= MAX_ATTACHED) {
    throw new IamError("LimitExceeded", `Cannot exceed quota for PoliciesPerUser: ${MAX_ATTACHED}`);
  }
  user.attached.add(arn);
  call.directory.publishPolicies(user);
  return {};
}

/** DetachUserPolicy. */
export function detachUserPolicy(call: IamCall): IamResult {
  const user = userOf(call);
  const arn = call.parameters.required("PolicyArn");
  if (!user.attached.delete(arn)) {
    throw new IamError("NoSuchEntity", `Policy ${arn} was not found.`);
  }
  call.directory.publishPolicies(user);
  return {};
}

/** ListAttachedUserPolicies. */
export function listAttachedUserPolicies(call: IamCall): IamResult {
  const prefix = call.parameters.optional("PathPrefix") ?? "/";
  const policies = [...userOf(call).attached].flatMap((arn) =>
    call.directory.policies.get(arn) ?? []
  );
  return pageOf(call, policies.filter(({ path }) => path.startsWith(prefix)), {
    element: "AttachedPolicies",
    id: ({ arn }) => arn,
    show: ({ policyName, arn }) => ({ PolicyName: policyName, PolicyArn: arn }),
  });
}

function noSuchPolicy(name: string): IamError {
  return new IamError("NoSuchEntity", `The user policy with name ${name} cannot be found.`);
}
