/** What an action gets, and what many of them share. */
import type { Principal } from "../policy/principal.ts";
import { parsePolicy } from "../policy/document.ts";
import { PolicyError } from "../policy/error.ts";
import type { AccessKey } from "../s3/keys.ts";
import type { XmlValue } from "../s3/xml.ts";
import { type AccountDirectory, nameIn } from "./directory.ts";
import type { ManagedPolicy, User } from "./entities.ts";
import { IamError } from "./error.ts";
import type { Parameters } from "./parameters.ts";

/** One authenticated request. */
export interface IamCall {
  readonly directory: AccountDirectory;
  readonly parameters: Parameters;
  readonly key: AccessKey;
  readonly principal: Principal;
}

/** Contents of an answer's Result element. */
export type IamResult = Readonly<Record<string, XmlValue>>;

/** Carries out one action; throws an {@link IamError} to refuse. */
export type IamHandler = (call: IamCall) => IamResult;

/**
 * The user that the request names, or the caller where it names none.
 *
 * @throws {IamError} NoSuchEntity; ValidationError where the caller is no user.
 */
export function userOf({ directory, parameters, key }: IamCall): User {
  const userName = parameters.optional("UserName") ?? key.user?.userName;
  if (userName === undefined) {
    throw new IamError(
      "ValidationError",
      "Must specify userName when calling with non-User credentials",
    );
  }
  const user = directory.users.get(nameIn(key.accountId, userName));
  if (user !== undefined) return user;
  throw new IamError("NoSuchEntity", `The user with name ${userName} cannot be found.`);
}

/** @throws {IamError} NoSuchEntity */
export function policyOf({ directory, parameters, key }: IamCall): ManagedPolicy {
  const arn = parameters.required("PolicyArn");
  const policy = directory.policies.get(arn);
  const isVisible = policy?.accountId === "aws" || policy?.accountId === key.accountId;
  if (policy !== undefined && isVisible) return policy;
  throw new IamError("NoSuchEntity", `Policy ${arn} does not exist or is not attachable.`);
}

/** @throws {IamError} AccessDenied for a policy that every account has. */
export function ownPolicyOf(call: IamCall): ManagedPolicy {
  const policy = policyOf(call);
  if (policy.accountId !== "aws") return policy;
  throw new IamError("AccessDenied", `Policy ${policy.arn} cannot be changed.`);
}

/** @throws {IamError} MalformedPolicyDocument */
export function checkDocument(document: string): void {
  try {
    parsePolicy(document, { kind: "identity" });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new IamError("MalformedPolicyDocument", error.message);
  }
}

/** Characters of a document that count for its limits: all but white space. */
export function sizeOf(document: string): number {
  return document.replaceAll(/\s/g, "").length;
}

/** A document as answers carry it: percent-encoded by RFC 3986. */
export function encodeDocument(document: string): string {
  return encodeURIComponent(document).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** A time as IAM's documents write it. */
export function iamTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** One page of a list: the named element with its members, and where it goes on. */
export function pageOf<T>(
  { parameters }: IamCall,
  items: readonly T[],
  { element, id, show }: {
    readonly element: string;
    /** Tells items apart, and sorts them. */
    readonly id: (item: T) => string;
    readonly show: (item: T) => XmlValue;
  },
): IamResult {
  const max = Number(parameters.optional("MaxItems") ?? 100);
  const marker = parameters.optional("Marker");
  const after = marker === undefined ? "" : fromMarker(marker);
  const rest = items.map((item) => ({ id: id(item), item }))
    .filter((entry) => entry.id > after)
    .sort((left, right) => left.id < right.id ? -1 : 1);
  const page = rest.slice(0, max);
  const last = page.at(-1);
  const isTruncated = rest.length > page.length;
  return {
    [element]: { member: page.map(({ item }) => show(item)) },
    IsTruncated: isTruncated,
    Marker: isTruncated && last !== undefined ? btoa(last.id) : undefined,
  };
}

function fromMarker(marker: string): string {
  try {
    return atob(marker);
  } catch {
    throw new IamError("ValidationError", `Invalid Marker: "${marker}"`);
  }
}
