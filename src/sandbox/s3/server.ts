/**
 * An S3 service in memory, with the answers that Wasabi gives.
 *
 * It serves one region on 127.0.0.1, checks every signature, and refuses what it does not
 * know. The path of a request: address, operation, fault, signature, right, digests, handler.
 */
import type { Clock } from "../../ops/clock.ts";
import { AccountDirectory } from "../iam/directory.ts";
import { ANONYMOUS, authorize, isAllowed } from "./access.ts";
import { checkDigests } from "./checksum.ts";
import { S3Error } from "./error.ts";
import { type AccessKey, generateAccount, type SandboxAccount } from "./keys.ts";
import { route, type Routing } from "./operations.ts";
import { parseAddress, type S3Address, type S3Answer, type S3Request } from "./request.ts";
import { type Inquiry, type RunningService, startService } from "./service.ts";
import type { Refusal } from "./service_error.ts";
import { authenticate } from "./signature.ts";
import { isSigned } from "./signature_claim.ts";
import { S3State } from "./state.ts";
import { buildXml } from "./xml.ts";

/** Options of {@link startSandboxS3}. */
export interface SandboxS3Options {
  readonly clock: Clock;
  /** Where to listen on 127.0.0.1. @default a free port */
  readonly port?: number;
  /** The region that this endpoint serves and signatures have to name. @default "us-east-1" */
  readonly region?: string;
  /** Keys that work from the start. @default one new key */
  readonly accounts?: readonly SandboxAccount[];
  /** Keys, users and policies that other services share. @default a new one */
  readonly directory?: AccountDirectory;
}

/** A running service. */
export interface SandboxS3 extends RunningService {
  readonly region: string;
  /** Of the first account. */
  readonly accessKeyId: string;
  /** Of the first account. */
  readonly secretAccessKey: string;
  readonly state: S3State;
}

/** Starts the service. */
export function startSandboxS3(options: SandboxS3Options): Promise<SandboxS3> {
  const { clock, region = "us-east-1" } = options;
  const [first = generateAccount(), ...others] = options.accounts ?? [];
  const directory = options.directory ?? new AccountDirectory({ clock });
  const state = new S3State({ clock, region, accounts: [first, ...others], directory });
  const service = startService({
    clock,
    port: options.port ?? 0,
    protocol: (request, body) => inquiryOf({ ...parseAddress(request), body }, state),
  });
  return Promise.resolve({
    ...service,
    region,
    accessKeyId: first.accessKeyId,
    secretAccessKey: first.secretAccessKey,
    state,
  });
}

function inquiryOf(request: S3Request, state: S3State): Inquiry {
  const routing = route(request, state.lacking);
  return {
    operation: routing.kind === "operation" ? routing.operation.name : routing.name,
    path: shownPath(request),
    ...(request.bucket !== undefined && { bucket: request.bucket }),
    carryOut: () => carryOut(request, { state, routing }),
    headers: () => {
      const region = state.buckets.get(request.bucket ?? "")?.region;
      return region === undefined ? {} : { "x-amz-bucket-region": region };
    },
    errorDocument: (refusal, requestId) =>
      errorDocument(refusal, { path: request.rawPath, requestId }),
  };
}

async function carryOut(
  request: S3Request,
  { state, routing }: { readonly state: S3State; readonly routing: Routing },
): Promise<S3Answer> {
  const key = await keyOf(request, state);
  if (routing.kind === "refused") {
    throw key === ANONYMOUS ? new S3Error("AccessDenied") : routing.error;
  }
  const { name, run } = routing.operation;
  if (key.denied?.includes(name)) throw new S3Error("AccessDenied");
  const facts = { state, request, key };
  authorize(facts, name);
  checkDigests(request);
  return run({ ...facts, allows: (asked) => isAllowed(facts, asked) });
}

async function keyOf(request: S3Request, state: S3State): Promise<AccessKey> {
  if (!isSigned(request)) return ANONYMOUS;
  const { region, clock, directory } = state;
  const key = await authenticate(request, {
    region,
    service: "s3",
    now: clock.now(),
    key: (id) => directory.key(id),
  });
  directory.recordUse(key.accessKeyId, { service: "s3", region });
  return key;
}

function shownPath(address: S3Address): string {
  const query = new URLSearchParams(address.query);
  for (const name of ["X-Amz-Signature", "X-Amz-Security-Token"]) query.delete(name);
  return query.size === 0 ? address.rawPath : `${address.rawPath}?${query}`;
}

function errorDocument(
  refusal: Refusal,
  { path, requestId }: { readonly path: string; readonly requestId: string },
): string {
  return buildXml("Error", {
    Code: refusal.code,
    Message: refusal.message,
    ...refusal.fields,
    Resource: path,
    RequestId: requestId,
    HostId: requestId,
  });
}
