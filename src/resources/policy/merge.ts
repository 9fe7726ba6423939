/**
 * Several policies on one bucket: each object puts its own statements there, and leaves those of
 * all others alone.
 *
 * A statement on the bucket belongs to the object that recorded it when it wrote it; one that
 * nobody recorded is foreign, and never lost by accident. So the end of one object leaves the
 * others' statements, and an object that cannot be read any more does not lose its own.
 */
import { canonicalPolicy, shortHash, statementFingerprint } from "./canonical.ts";
import {
  CURRENT_VERSION,
  OLDEST_VERSION,
  type PolicyDocument,
  sizeOf,
  type Statement,
} from "./document.ts";
import { MAX_SIZE, nameOf } from "./lint.ts";

/** What one object has, or wants to have, on the bucket. */
export interface Share {
  /** Key of the object. */
  readonly owner: string;
  /** What it wants; nothing, when it is being deleted or may not refer to the bucket. */
  readonly wanted: PolicyDocument;
  /** Fingerprints of what it wrote. */
  readonly recorded: readonly string[];
}

/** What to do with statements that no object put there. */
export type ForeignStatements = "Refuse" | "Adopt" | "Replace";

/** What a merge is made from. */
export interface MergeInput {
  /** As the bucket has it; undefined when it has none. */
  readonly observed: PolicyDocument | undefined;
  readonly own: Share;
  readonly others: readonly Share[];
  readonly foreign: ForeignStatements;
}

/** The policy that a bucket should have. */
export type Merged =
  | {
    readonly kind: "merged";
    readonly document: PolicyDocument;
    /** True when the bucket has it already, in whatever words. */
    readonly isSynced: boolean;
    /** Fingerprints of the own statements, as they are written. */
    readonly own: readonly string[];
    /** One sentence for each name that was given twice. */
    readonly conflicts: readonly string[];
  }
  /** Names of statements that nobody recorded. */
  | { readonly kind: "foreign"; readonly names: readonly string[] }
  | { readonly kind: "impossible"; readonly message: string };

interface Entry {
  readonly statement: Statement;
  readonly fingerprint: string;
  readonly origin: "own" | "other" | "foreign";
}

/** Merges the own statements into what is on the bucket; pure. */
export function mergePolicies(input: MergeInput): Merged {
  const { observed, own, foreign } = input;
  const others = namesOf(input.others.flatMap(({ wanted }) => wanted.Statement));
  const entries = (observed?.Statement ?? []).map((statement) => classify(statement, input));
  const unknown = entries.flatMap(({ statement, origin }, index) =>
    origin === "foreign" ? [nameOf(statement, index)] : []
  );
  if (unknown.length > 0 && foreign === "Refuse") return { kind: "foreign", names: unknown };
  const kept = entries.filter(({ origin }) =>
    origin === "other" || (origin === "foreign" && foreign === "Adopt")
  );
  const taken = [...others, ...namesOf(kept.map(({ statement }) => statement))];
  const { statements, conflicts } = uniquelyNamed(own, taken);
  const version = versionOf({
    kept: kept.length > 0 ? observed?.Version ?? OLDEST_VERSION : undefined,
    own: statements.length > 0 ? own.wanted.Version ?? OLDEST_VERSION : undefined,
    texts: { kept: JSON.stringify(kept), own: JSON.stringify(statements) },
  });
  if (version === undefined) {
    return {
      kind: "impossible",
      message:
        `The other statements of the bucket are written in another version of the policy language, in which "$\{" means something else: set policy.version: ${CURRENT_VERSION} in all of its BucketPolicies`,
    };
  }
  const document = {
    Version: version,
    Statement: ordered([...kept, ...entriesOf(statements)], input),
  };
  const size = sizeOf(document);
  if (size > MAX_SIZE.bucket) {
    return {
      kind: "impossible",
      message:
        `The policies of the bucket have ${size} characters together, and a bucket's policy at most ${MAX_SIZE.bucket}: shorten them`,
    };
  }
  return {
    kind: "merged",
    document,
    isSynced: isSynced(document, observed),
    own: statements.map(statementFingerprint),
    conflicts,
  };
}

/** The name that a statement gets when others of the bucket have the same one. */
function uniqueName(name: string, owner: string): string {
  return `${name}${shortHash(owner).slice(0, 8)}`;
}

function classify(statement: Statement, { observed, own, others }: MergeInput): Entry {
  const fingerprint = statementFingerprint(statement);
  const present = new Set(observed?.Statement.map(statementFingerprint));
  function isRecorded({ recorded }: Share): boolean {
    return recorded.includes(fingerprint);
  }
  function isWanted({ wanted, owner }: Share): boolean {
    return wanted.Statement.some((candidate) =>
      namesFor(candidate, owner).includes(statement.Sid) &&
      statementFingerprint({ ...candidate, ...nameOnly(statement) }) === fingerprint
    );
  }
  /** Under a name that the object wrote, and that is gone: somebody edited it. */
  function isEdited({ recorded, wanted, owner }: Share): boolean {
    return wanted.Statement.some((candidate) => {
      if (statement.Sid === undefined) return false;
      if (!namesFor(candidate, owner).includes(statement.Sid)) return false;
      const written = statementFingerprint({ ...candidate, Sid: statement.Sid });
      return recorded.includes(written) && !present.has(written);
    });
  }
  function originOf(): Entry["origin"] {
    if (others.some(isRecorded)) return "other";
    // What only this object wrote goes with it, even if another one is about to write the same.
    if (isRecorded(own) || isWanted(own)) return "own";
    if (others.some(isWanted)) return "other";
    if (isEdited(own)) return "own";
    return others.some(isEdited) ? "other" : "foreign";
  }
  return { statement, fingerprint, origin: originOf() };
}

/** The names under which an object may have written a statement. */
function namesFor({ Sid }: Statement, owner: string): readonly (string | undefined)[] {
  return Sid === undefined ? [undefined] : [Sid, uniqueName(Sid, owner)];
}

function nameOnly({ Sid }: Statement): Pick<Statement, "Sid"> {
  return Sid === undefined ? {} : { Sid };
}

interface Named {
  readonly name: string;
  readonly fingerprint: string;
}

function namesOf(statements: readonly Statement[]): readonly Named[] {
  return statements.flatMap((statement) =>
    statement.Sid === undefined
      ? []
      : [{ name: statement.Sid, fingerprint: statementFingerprint(statement) }]
  );
}

/** All that share a name for different statements get unique ones: nobody's name depends on order. */
function uniquelyNamed(
  { owner, wanted }: Share,
  taken: readonly Named[],
): { readonly statements: readonly Statement[]; readonly conflicts: readonly string[] } {
  const conflicts: string[] = [];
  const statements = wanted.Statement.map((statement) => {
    const { Sid } = statement;
    const fingerprint = statementFingerprint(statement);
    const rival = taken.find((named) => named.name === Sid && named.fingerprint !== fingerprint);
    if (Sid === undefined || rival === undefined) return statement;
    const unique = uniqueName(Sid, owner);
    conflicts.push(`another statement of the bucket is called "${Sid}", so this one "${unique}"`);
    return { ...statement, Sid: unique };
  });
  return { statements, conflicts };
}

/** Undefined when no version means the same to both. */
function versionOf(
  { kept, own, texts }: {
    readonly kept: string | undefined;
    readonly own: string | undefined;
    readonly texts: { readonly kept: string; readonly own: string };
  },
): string | undefined {
  if (kept === undefined || own === undefined || kept === own) {
    return own ?? kept ?? CURRENT_VERSION;
  }
  const older = own === CURRENT_VERSION ? texts.kept : texts.own;
  return older.includes("${") ? undefined : CURRENT_VERSION;
}

function entriesOf(statements: readonly Statement[]): readonly Entry[] {
  return statements.map((statement) => ({
    statement,
    fingerprint: statementFingerprint(statement),
    origin: "own" as const,
  }));
}

/** Foreign ones first, then by owner; each statement once. */
function ordered(
  entries: readonly Entry[],
  { own, others }: MergeInput,
): readonly Statement[] {
  const shares = [own, ...others];
  function ownerOf({ fingerprint, origin }: Entry): string {
    if (origin === "foreign") return "";
    if (origin === "own") return own.owner;
    return shares.find(({ recorded }) => recorded.includes(fingerprint))?.owner ?? "";
  }
  const seen = new Set<string>();
  return entries
    .filter(({ fingerprint }) => !seen.has(fingerprint) && seen.add(fingerprint))
    .map((entry) => ({ ...entry, owner: ownerOf(entry) }))
    .toSorted((left, right) => left.owner < right.owner ? -1 : left.owner > right.owner ? 1 : 0)
    .map(({ statement }) => statement);
}

function isSynced(document: PolicyDocument, observed: PolicyDocument | undefined): boolean {
  if (observed === undefined) return document.Statement.length === 0;
  return document.Statement.length > 0 && canonicalPolicy(document) === canonicalPolicy(observed);
}
