/** A pass reached its time limit. */
export class PassTimeoutError extends Error {
  override readonly name = "PassTimeoutError";
}
