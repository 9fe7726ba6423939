/** A policy document that the service does not take. */

/** Its message says what is wrong; S3 calls it MalformedPolicy, IAM MalformedPolicyDocument. */
export class PolicyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PolicyError";
  }
}
