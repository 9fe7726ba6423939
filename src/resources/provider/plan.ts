/**
 * What a probe means for the conditions of a Provider; pure.
 */
import { type ProviderError, type ProviderErrorKind, STRANGE_ANSWER } from "../../wasabi/error.ts";
import type { Probe } from "./observe.ts";
import type { ProviderReason } from "./reasons.ts";

/** The verdict on one of the two questions: does the service answer, are the credentials good. */
export interface Answer {
  readonly status: "True" | "False" | "Unknown";
  readonly reason: ProviderReason;
  readonly message: string;
}

/** What is to be reported, and how soon it is worth trying again. */
export interface Verdict {
  readonly reachable: Answer;
  readonly auth: Answer;
  readonly ready: Answer;
  readonly again: "routine" | "soon" | "afterLockout" | "afterChange";
}

/** Where the Provider speaks to, for messages. */
export interface Target {
  readonly host: string;
  readonly region: string;
}

const REACHABLE: Answer = {
  status: "True",
  reason: "EndpointReachable",
  message: "Endpoint is reachable",
};
const AUTHENTICATED: Answer = {
  status: "True",
  reason: "AuthValid",
  message: "Authentication successful",
};

/** Judges a probe. */
export function judge(probe: Probe, target: Target): Verdict {
  switch (probe.kind) {
    case "listed":
      return good("Provider is ready");
    case "listingDenied":
      return good(
        "Provider is ready; its key may not list all buckets, so set spec.probe.bucket to prove " +
          "more than the signature",
      );
    case "bucket":
      return judgeBucket(probe, target);
    case "failed":
      return judgeError(probe.error, target);
  }
}

function judgeBucket(probe: Extract<Probe, { kind: "bucket" }>, target: Target): Verdict {
  const name = probe.name;
  switch (probe.presence.kind) {
    case "present":
      return good("Provider is ready");
    case "absent":
      return authenticatedBut(
        "ProbeBucketNotFound",
        `Bucket "${name}" of spec.probe.bucket does not exist: create it, or name another one`,
      );
    case "forbidden":
      return authenticatedBut(
        "AccessDenied",
        `The key may not look up bucket "${name}" of spec.probe.bucket: grant it s3:ListBucket there, or name another one`,
      );
    case "elsewhere":
      return authenticatedBut("WrongRegion", wrongRegion(probe.presence.region, target));
  }
}

function judgeError(error: ProviderError, target: Target): Verdict {
  const { host } = target;
  const text = MESSAGES[error.kind]?.(host) ?? otherAnswer(error, host);
  switch (error.kind) {
    case "WrongKey":
    case "WrongSecret":
    case "WrongToken":
    case "AccountProblem":
    case "AccessDenied":
      return { ...refused(error.kind, text), again: "afterChange" };
    case "Lockout":
      return { ...refused(error.kind, text), again: "afterLockout" };
    case "ClockSkew":
      return { ...refused(error.kind, text), again: "soon" };
    case "WrongRegion":
      return { ...unknown("WrongRegion", wrongRegion(error.region, target)), again: "afterChange" };
    case "DnsFailure":
    case "ConnectionRefused":
    case "TlsFailure":
    case "Timeout":
    case "ConnectionLost":
      return unreachable(error.kind, text);
    case "Throttled":
      return { ...unknown("Throttled", text), again: "soon" };
    default:
      return { ...unknown("ServiceError", text), again: "soon" };
  }
}

const MESSAGES: Partial<Record<ProviderErrorKind, (host: string) => string>> = {
  WrongKey: (host) =>
    `${host} does not know the access key ID: correct it in the Secret of spec.auth.accessKeySecretRef`,
  WrongSecret: (host) =>
    `${host} refuses the signature: correct the value in the Secret of spec.auth.secretKeySecretRef`,
  WrongToken: (host) =>
    `${host} refuses the session token: renew it in the Secret of spec.auth.sessionTokenSecretRef`,
  ClockSkew: (host) =>
    `The clocks of the operator's node and ${host} differ too much: set the node's clock`,
  Lockout: (host) =>
    `${host} refuses the key after too many wrong credentials: correct the Secret; it is tried again after five minutes`,
  AccountProblem: (host) =>
    `${host} says that the account is suspended or not activated: settle that with the provider of the service`,
  AccessDenied: (host) => `${host} refuses the probe: grant the key the right that it needs`,
  DnsFailure: (host) =>
    `The host name of ${host} does not resolve: correct spec.endpoint, or spec.region it is made from`,
  ConnectionRefused: (host) =>
    `Nothing listens at ${host}: correct spec.endpoint, or start the service`,
  TlsFailure: (host) =>
    `The certificate of ${host} is not trusted: name its authority in spec.tls.caCertSecretRef`,
  Timeout: (host) =>
    `${host} does not answer in time: check spec.endpoint and the network on the way`,
  ConnectionLost: (host) =>
    `The connection to ${host} broke: check spec.endpoint and the network on the way`,
  Throttled: (host) => `${host} asks for fewer requests: lower spec.rateLimit.s3`,
};

/** An error of the service's own, or something that does not speak S3 at all. */
function otherAnswer(error: ProviderError, host: string): string {
  const told = `${host} answers ${error.code} (${error.httpStatus}) to ${error.operation}`;
  return error.code === STRANGE_ANSWER
    ? `${told}: what listens there is no S3 service, correct spec.endpoint`
    : `${told}: it is tried again; if it goes on, check spec.endpoint and the state of the service`;
}

function wrongRegion(region: string | undefined, target: Target): string {
  const right = region === undefined ? "" : `; the service names region "${region}"`;
  return `${target.host} does not serve region "${target.region}"${right}: make spec.region and spec.endpoint fit`;
}

function good(message: string): Verdict {
  return {
    reachable: REACHABLE,
    auth: AUTHENTICATED,
    ready: { status: "True", reason: "Ready", message },
    again: "routine",
  };
}

function authenticatedBut(reason: ProviderReason, message: string): Verdict {
  return {
    reachable: REACHABLE,
    auth: AUTHENTICATED,
    ready: { status: "False", reason, message },
    again: "afterChange",
  };
}

function refused(reason: ProviderReason, message: string): Omit<Verdict, "again"> {
  const answer: Answer = { status: "False", reason, message };
  return { reachable: REACHABLE, auth: answer, ready: answer };
}

function unknown(reason: ProviderReason, message: string): Omit<Verdict, "again"> {
  return {
    reachable: REACHABLE,
    auth: { status: "Unknown", reason, message },
    ready: { status: "False", reason, message },
  };
}

function unreachable(reason: ProviderReason, message: string): Verdict {
  const answer: Answer = { status: "False", reason, message };
  return {
    reachable: answer,
    auth: { status: "Unknown", reason, message },
    ready: answer,
    again: "soon",
  };
}
