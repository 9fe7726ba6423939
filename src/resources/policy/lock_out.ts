/**
 * Would a bucket's policy keep the operator from ever changing that policy again?
 */
import { type Condition, listOf, type Statement } from "./document.ts";
import { fitsPattern } from "./pattern.ts";
import { isEverybody, principalNames } from "./principal.ts";

/** Who the operator is to the service. */
export interface Self {
  /** Its ARN, a user's or the account's root, where the service tells it. */
  readonly arn: string | undefined;
  /** True when it speaks TLS to the service. */
  readonly usesTls: boolean;
  readonly bucket: string;
}

/** How surely a statement shuts the operator out. */
export type LockOut = "certain" | "possible" | "none";

/** Without these the operator could neither look at the policy nor take it back. */
const NEEDED = ["s3:getbucketpolicy", "s3:putbucketpolicy", "s3:deletebucketpolicy"];

/**
 * Judges one statement. What depends on facts that are not known here, such as the address that
 * the operator has, is only possible.
 */
export function lockOutBy(statement: Statement, self: Self): LockOut {
  if (statement.Effect !== "Deny" || !isAboutPolicy(statement, self.bucket)) return "none";
  const meets = [meetsSelf(statement, self), applies(statement.Condition, self)];
  if (meets.includes("none")) return "none";
  return meets.includes("possible") ? "possible" : "certain";
}

function isAboutPolicy(statement: Statement, bucket: string): boolean {
  const { Action, NotAction, Resource, NotResource } = statement;
  const arn = `arn:aws:s3:::${bucket}`;
  function hasAction(name: string, patterns: Statement["Action"]): boolean {
    return listOf(patterns).some((pattern) => fitsPattern(name, pattern.toLowerCase()));
  }
  function hasBucket(patterns: Statement["Resource"]): boolean {
    return listOf(patterns).some((pattern) => fitsPattern(arn, pattern));
  }
  const isAboutAction = NEEDED.some((name) =>
    Action === undefined ? !hasAction(name, NotAction) : hasAction(name, Action)
  );
  return isAboutAction && (Resource === undefined ? !hasBucket(NotResource) : hasBucket(Resource));
}

function meetsSelf({ Principal, NotPrincipal }: Statement, { arn }: Self): LockOut {
  if (isEverybody(Principal)) return "certain";
  const root = arn?.replace(/:(?:root|user\/.*)$/, ":root");
  const names = principalNames(Principal ?? NotPrincipal ?? "*", "AWS");
  if (NotPrincipal !== undefined) {
    // Whether naming the account spares its users, or naming the user is enough, differs.
    const isNear = names.some((name) => name === arn || name === root);
    return isNear || (arn === undefined && names.length > 0) ? "possible" : "certain";
  }
  if (names.some((name) => name === arn || name === root)) return "certain";
  return arn === undefined && names.length > 0 ? "possible" : "none";
}

/** Of all conditions only that on TLS can be judged here. */
function applies(condition: Condition | undefined, { usesTls }: Self): LockOut {
  const tests = Object.entries(condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => ({ operator, key: key.toLowerCase(), value }))
  );
  const results = tests.map(({ operator, key, value }): LockOut => {
    if (operator !== "Bool" || key !== "aws:securetransport") return "possible";
    return String(value).toLowerCase() === String(usesTls) ? "certain" : "none";
  });
  if (results.includes("none")) return "none";
  return results.includes("possible") ? "possible" : "certain";
}
