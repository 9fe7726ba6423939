/**
 * Settings about the requests to a bucket: where they are logged, and who pays for them.
 *
 * Every function throws ProviderError.
 */
import {
  GetBucketLoggingCommand,
  GetBucketRequestPaymentCommand,
  type LoggingEnabled,
  type Payer,
  PutBucketLoggingCommand,
  PutBucketRequestPaymentCommand,
} from "@aws-sdk/client-s3";
import { ProviderError, STRANGE_ANSWER } from "../error.ts";
import { call, type S3 } from "../s3.ts";

/** Where requests are logged; undefined for nowhere. */
export async function getLogging(s3: S3, name: string): Promise<LoggingEnabled | undefined> {
  const answer = await call(s3, {
    operation: "GetBucketLogging",
    send: (client, options) => client.send(new GetBucketLoggingCommand({ Bucket: name }), options),
  });
  return answer.LoggingEnabled;
}

/** Says where requests are logged; undefined switches it off. */
export async function putLogging(
  s3: S3,
  name: string,
  { logging }: { readonly logging: LoggingEnabled | undefined },
): Promise<void> {
  const status = logging === undefined ? {} : { LoggingEnabled: logging };
  await call(s3, {
    operation: "PutBucketLogging",
    send: (client, options) =>
      client.send(
        new PutBucketLoggingCommand({ Bucket: name, BucketLoggingStatus: status }),
        options,
      ),
  });
}

/** Who pays for requests; a service that does not know the question lists the bucket instead. */
export async function getRequestPayer(s3: S3, name: string): Promise<Payer> {
  const operation = "GetBucketRequestPayment";
  const answer = await call(s3, {
    operation,
    send: (client, options) =>
      client.send(new GetBucketRequestPaymentCommand({ Bucket: name }), options),
  });
  if (answer.Payer !== undefined) return answer.Payer;
  throw new ProviderError(`Cannot ${operation}: the answer names nobody`, {
    kind: "Unsupported",
    operation,
    code: STRANGE_ANSWER,
    httpStatus: 200,
  });
}

/** Says who pays for requests. */
export async function putRequestPayer(
  s3: S3,
  name: string,
  { payer }: { readonly payer: Payer },
): Promise<void> {
  const command = { Bucket: name, RequestPaymentConfiguration: { Payer: payer } };
  await call(s3, {
    operation: "PutBucketRequestPayment",
    send: (client, options) => client.send(new PutBucketRequestPaymentCommand(command), options),
  });
}
