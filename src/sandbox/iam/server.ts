/**
 * IAM and STS in memory, at one address, with the answers that Wasabi gives.
 *
 * Both speak the query protocol: a form is posted, XML comes back. Users and keys are those of
 * the directory that it shares with the S3 services.
 */
import type { RequestContext } from "../policy/context.ts";
import { judge } from "../policy/evaluate.ts";
import { arnOf } from "../policy/principal.ts";
import { parseAddress, type S3Answer, type S3Request } from "../s3/request.ts";
import { type Inquiry, type RunningService, startService } from "../s3/service.ts";
import type { Refusal } from "../s3/service_error.ts";
import { authenticate } from "../s3/signature.ts";
import { buildDocument } from "../s3/xml.ts";
import { type Action, actionOf } from "./actions.ts";
import type { IamCall, IamResult } from "./call.ts";
import type { AccountDirectory } from "./directory.ts";
import { IamError, signatureError } from "./error.ts";
import { Parameters } from "./parameters.ts";

const IAM_NAMESPACE = "https://iam.amazonaws.com/doc/2010-05-08/";
const STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
/** Both are global, and signed for this region. */
const REGION = "us-east-1";

/** Options of {@link startSandboxIam}. */
export interface SandboxIamOptions {
  /** Whose users and keys they are: `state.directory` of an S3 service. Its clock is used. */
  readonly directory: AccountDirectory;
  /** Where to listen on 127.0.0.1. @default a free port */
  readonly port?: number;
}

/** A running service. */
export interface SandboxIam extends RunningService {
  readonly directory: AccountDirectory;
}

/** Starts the service. */
export function startSandboxIam(options: SandboxIamOptions): Promise<SandboxIam> {
  const { directory, port = 0 } = options;
  const service = startService({
    clock: directory.clock,
    port,
    protocol: (request, body) => inquiryOf({ ...parseAddress(request), body }, directory),
  });
  return Promise.resolve({ ...service, directory });
}

function inquiryOf(request: S3Request, directory: AccountDirectory): Inquiry {
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  const operation = form.get("Action") ?? "Unknown";
  const userName = form.get("UserName");
  return {
    operation,
    path: request.rawPath,
    ...(userName !== null && { userName }),
    async carryOut(requestId) {
      const isCaller = form.get("Version") === "2011-06-15";
      const key = await authenticate(request, {
        region: REGION,
        service: isCaller ? "sts" : "iam",
        now: directory.clock.now(),
        key: (id) => directory.key(id),
      }).catch((error: unknown) => {
        throw signatureError(error);
      });
      const action = actionOf(operation, form.get("Version") ?? "");
      directory.recordUse(key.accessKeyId, { service: action.service, region: REGION });
      const { principal } = directory.identityOf(key);
      const call = { directory, parameters: new Parameters(form, action), key, principal };
      authorize(call, { action, request });
      return answerOf(action, { result: action.run(call), requestId });
    },
    headers: () => ({}),
    errorDocument,
  };
}

function authorize(
  call: IamCall,
  { action, request }: { readonly action: Action; readonly request: S3Request },
): void {
  const { directory, key, principal } = call;
  const resource = action.resource(call);
  if (resource === undefined) return;
  if (key.denied?.includes(action.name)) throw new IamError("AccessDenied", "Access Denied");
  const context: RequestContext = {
    now: directory.clock.now(),
    sourceIp: "127.0.0.1",
    isSecureTransport: false,
    userAgent: request.headers.get("user-agent") ?? undefined,
  };
  const verdict = judge({
    principal,
    action: `iam:${action.name}`,
    resource,
    ownerId: key.accountId,
    identityPolicies: directory.identityOf(key).policies,
    context,
  });
  if (verdict === "allowed") return;
  const who = arnOf(principal);
  throw new IamError(
    "AccessDenied",
    `User: ${who} is not authorized to perform: iam:${action.name} on resource: ${resource}`,
  );
}

function answerOf(
  { name, service }: Action,
  { result, requestId }: { readonly result: IamResult; readonly requestId: string },
): S3Answer {
  const hasResult = Object.keys(result).length > 0;
  return {
    headers: { "content-type": "text/xml" },
    body: buildDocument(`${name}Response`, {
      "@_xmlns": service === "sts" ? STS_NAMESPACE : IAM_NAMESPACE,
      ...(hasResult && { [`${name}Result`]: result }),
      ResponseMetadata: { RequestId: requestId },
    }),
  };
}

function errorDocument({ code, message, status }: Refusal, requestId: string): string {
  return buildDocument("ErrorResponse", {
    "@_xmlns": IAM_NAMESPACE,
    Error: { Type: status >= 500 ? "Receiver" : "Sender", Code: code, Message: message },
    RequestId: requestId,
  });
}
