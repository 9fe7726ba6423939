/**
 * Everything that is needed to speak to one account.
 */
import type { Rate } from "../ops/token_bucket.ts";

/** Settings of one Provider, with its secrets; never logged, never stored. */
export interface ConnectionSettings {
  /** Uid of the Provider, for its claim on the account's budget. */
  readonly claimant: string;
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly tls: {
    readonly insecureSkipVerify: boolean;
    /** PEM, trusted besides the public authorities. */
    readonly caCertificate?: string;
  };
  readonly retry: {
    readonly maxAttempts: number;
    readonly backoffStrategy: "exponential" | "linear";
  };
  readonly s3Rate: Rate;
  /** Absent when the Provider names no IAM endpoint. */
  readonly iam?: { readonly endpoint: string; readonly region: string };
  readonly iamRate: Rate;
}
