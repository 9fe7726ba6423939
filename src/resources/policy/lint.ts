/**
 * What is dangerous or impossible in a policy: said before the service is asked.
 */
import { listOf, type PolicyDocument, sizeOf, type Statement } from "./document.ts";
import { lockOutBy, type Self } from "./lock_out.ts";
import { isEverybody } from "./principal.ts";

/** Most characters of a policy; Wasabi documents none, AWS these (wasabi §2.5, §2.10). */
export const MAX_SIZE = { bucket: 20_480, managed: 6_144, inline: 2_048 } as const;

/** Something that a person should know about a document. */
export interface Finding {
  /** A refused document is not written. */
  readonly kind: "refusal" | "warning";
  readonly message: string;
}

/** Looks through the policy of a bucket. */
export function lintBucketPolicy(document: PolicyDocument, self: Self): readonly Finding[] {
  return [
    ...repeatedNames(document),
    ...document.Statement.flatMap((statement, index) => {
      const name = nameOf(statement, index);
      return [
        ...impossible(statement, { name, bucket: self.bucket }),
        ...lockOut(statement, { name, self }),
        ...tooOpen(statement, name),
      ];
    }),
  ];
}

/** Looks through the policy of a user or an account. */
export function lintIdentityPolicy(
  document: PolicyDocument,
  { kind }: { readonly kind: "managed" | "inline" },
): readonly Finding[] {
  const findings = [...repeatedNames(document)];
  if (document.Statement.length === 0) {
    findings.push(refusal("The policy has no statement: add one"));
  }
  const size = sizeOf(document);
  if (size > MAX_SIZE[kind]) {
    findings.push(refusal(
      `The policy has ${size} characters, and a policy of this kind at most ${MAX_SIZE[kind]}: ` +
        "shorten it, or split it",
    ));
  }
  return findings;
}

/** How messages call a statement: by its name, or by its place. */
export function nameOf({ Sid }: Statement, index: number): string {
  return Sid === undefined ? `Statement ${index + 1}` : `Statement "${Sid}"`;
}

function repeatedNames({ Statement }: PolicyDocument): readonly Finding[] {
  const names = Statement.flatMap(({ Sid }) => Sid === undefined ? [] : [Sid]);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
  return [...repeated].map((name) =>
    refusal(`Two statements are called "${name}": give each a sid of its own`)
  );
}

function impossible(
  statement: Statement,
  { name, bucket }: { readonly name: string; readonly bucket: string },
): readonly Finding[] {
  const arn = `arn:aws:s3:::${bucket}`;
  const findings: Finding[] = [];
  const strange = listOf(statement.Resource)
    .find((resource) => resource !== arn && !resource.startsWith(`${arn}/`));
  if (strange !== undefined) {
    findings.push(refusal(
      `${name} is about "${strange}", which is not in this bucket: a bucket's policy can only be ` +
        `about "${arn}" and "${arn}/..."`,
    ));
  }
  const action = [...listOf(statement.Action), ...listOf(statement.NotAction)]
    .find((text) => text !== "*" && !/^s3:./i.test(text));
  if (action !== undefined) {
    findings.push(refusal(`${name} has action "${action}", which is none of S3's`));
  }
  if (statement.Effect === "Allow" && statement.NotPrincipal !== undefined) {
    findings.push(refusal(
      `${name} allows with notPrincipal, which is everybody else in the world: name a principal`,
    ));
  }
  return findings;
}

function lockOut(
  statement: Statement,
  { name, self }: { readonly name: string; readonly self: Self },
): readonly Finding[] {
  switch (lockOutBy(statement, self)) {
    case "certain":
      return [refusal(
        `${name} would shut out the operator itself, which could not take it back: leave ` +
          "s3:GetBucketPolicy, s3:PutBucketPolicy and s3:DeleteBucketPolicy out of it, or the " +
          "operator's principal",
      )];
    case "possible":
      return [warning(`${name} may shut out the operator itself`)];
    case "none":
      return [];
  }
}

function tooOpen(statement: Statement, name: string): readonly Finding[] {
  if (statement.Effect !== "Allow") return [];
  const findings: Finding[] = [];
  const isConditional = Object.keys(statement.Condition ?? {}).length > 0;
  if (isEverybody(statement.Principal) && !isConditional) {
    findings.push(warning(`${name} opens the bucket to everybody in the world`));
  }
  if (statement.NotAction !== undefined) {
    findings.push(warning(`${name} allows every action but those of notAction`));
  }
  return findings;
}

function refusal(message: string): Finding {
  return { kind: "refusal", message };
}

function warning(message: string): Finding {
  return { kind: "warning", message };
}
