/**
 * Changes policies: their words alone, or their meaning.
 */
import type { Json } from "../../src/api/common.ts";
import type {
  Condition,
  PolicyDocument,
  Principal,
  Statement,
} from "../../src/resources/policy/document.ts";

/** Random numbers from 0. */
export type Roll = () => number;

/** The same policy in other words, as a service may answer with it. */
export function rewritten(document: PolicyDocument, roll: Roll): PolicyDocument {
  const { Version, Statement } = document;
  const leavesVersionOut = Version === "2008-10-17" && roll() % 2 === 0;
  return {
    ...(leavesVersionOut || Version === undefined ? {} : { Version }),
    Statement: shuffled(Statement, roll).map((statement) => rewrittenStatement(statement, roll)),
  };
}

function rewrittenStatement(statement: Statement, roll: Roll): Statement {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } =
    statement;
  const parts = {
    ...statement,
    ...(Principal && { Principal: rewrittenPrincipal(Principal, roll) }),
    ...(NotPrincipal && { NotPrincipal: rewrittenPrincipal(NotPrincipal, roll) }),
    ...(Action && { Action: otherForm(inOtherCase(Action, roll), roll) }),
    ...(NotAction && { NotAction: otherForm(inOtherCase(NotAction, roll), roll) }),
    ...(Resource && { Resource: otherForm(Resource, roll) }),
    ...(NotResource && { NotResource: otherForm(NotResource, roll) }),
    Condition: rewrittenCondition(Condition ?? {}, roll),
  };
  return Object.fromEntries(shuffled(Object.entries(parts), roll)) as unknown as Statement;
}

function rewrittenPrincipal(principal: Principal, roll: Roll): Principal {
  if (principal === "*") return pick([principal, { AWS: "*" }, { AWS: ["*"] }], roll);
  const entries = Object.entries(principal).map(([kind, value]) => {
    const names = listed(value).map((name) => {
      if (kind !== "AWS" || roll() % 2 === 0) return name;
      return /^\d{12}$/.test(name)
        ? `arn:aws:iam::${name}:root`
        : name.replace(/^arn:aws:iam::(\d{12}):root$/, "$1");
    });
    return [kind, otherForm(names, roll)];
  });
  return Object.fromEntries(shuffled(entries, roll));
}

function rewrittenCondition(condition: Condition, roll: Roll): Condition {
  const operators = Object.entries(condition).map(([operator, keys]) => {
    const others = Object.entries(keys).map(([key, value]) => {
      const values = (Array.isArray(value) ? value as readonly Json[] : [value])
        .map((item) => roll() % 2 === 0 ? String(item) : item)
        .map((item) => operator === "Bool" && item === "true" ? pick([true, "True"], roll) : item)
        .map((item) => item === "192.168.1.7" ? pick([item, "192.168.1.7/32"], roll) : item)
        .map((item) => item === "10.0.0.0/8" ? pick([item, "10.9.8.7/8"], roll) : item);
      const single = values.length === 1 && roll() % 2 === 0;
      return [roll() % 2 === 0 ? key : key.toUpperCase(), single ? values[0] : values];
    });
    return [operator, Object.fromEntries(others)];
  });
  return Object.fromEntries(shuffled(operators, roll));
}

/** The policy with one change of its meaning. */
export function changed(document: PolicyDocument, roll: Roll): PolicyDocument {
  const index = roll() % document.Statement.length;
  const statement = document.Statement[index]!;
  function withStatement(...statements: readonly Statement[]): PolicyDocument {
    return { ...document, Statement: document.Statement.toSpliced(index, 1, ...statements) };
  }
  const other = document.Version === "2012-10-17" ? "2008-10-17" : "2012-10-17";
  const changes: readonly (() => PolicyDocument)[] = [
    () => ({ ...document, Version: other }),
    () => withStatement(),
    () => withStatement(statement, { ...statement, Sid: "Added" }),
    () => withStatement({ ...statement, Sid: `${statement.Sid ?? ""}Renamed` }),
    () => withStatement({ ...statement, Effect: statement.Effect === "Allow" ? "Deny" : "Allow" }),
    () => withStatement(negated(statement, pick(["Action", "Resource", "Principal"], roll))),
    () => withStatement(withOneMore(statement, "Action", "s3:PutBucketPolicy")),
    () => withStatement(withOneMore(statement, "Resource", "arn:aws:s3:::LOGS")),
    () => withStatement(withOtherPrincipal(statement)),
    () => withStatement(withOtherCondition(statement, roll)),
  ];
  return pick(changes, roll)();
}

type Part = "Action" | "Resource" | "Principal";

function negated(statement: Statement, part: Part): Statement {
  const { [part]: positive, [`Not${part}` as const]: negative, ...rest } = statement;
  return positive === undefined
    ? { ...rest, [part]: negative } as Statement
    : { ...rest, [`Not${part}`]: positive } as Statement;
}

function withOneMore(statement: Statement, part: "Action" | "Resource", more: string): Statement {
  const field = statement[part] === undefined ? `Not${part}` as const : part;
  return { ...statement, [field]: [...listed(statement[field] ?? []), more] };
}

function withOtherPrincipal(statement: Statement): Statement {
  const field = statement.Principal === undefined ? "NotPrincipal" : "Principal";
  const principal = statement[field]!;
  const more = "arn:aws:iam::100000000009:user/z";
  const AWS = principal === "*" ? more : [...listed(principal["AWS"] ?? []), more];
  return { ...statement, [field]: principal === "*" ? { AWS } : { ...principal, AWS } };
}

function withOtherCondition(statement: Statement, roll: Roll): Statement {
  const { StringLike, ...others } = statement.Condition ?? {};
  const Condition: Condition = StringLike === undefined
    ? { ...others, StringLike: { "s3:prefix": "z/*" } }
    : pick<Condition>([
      others,
      { ...others, StringNotLike: StringLike },
      { ...others, StringLike: { "s3:delimiter": StringLike["s3:prefix"]! } },
      { ...others, StringLike: { "s3:prefix": "z/*" } },
    ], roll);
  return { ...statement, Condition };
}

function inOtherCase(value: string | readonly string[], roll: Roll): readonly string[] {
  return listed(value).map((text) => pick([text, text.toLowerCase(), text.toUpperCase()], roll));
}

/** In another order, with one entry twice, or a list of one as a text. */
function otherForm(value: string | readonly string[], roll: Roll): string | readonly string[] {
  const list = shuffled(listed(value), roll);
  if (list.length === 1 && roll() % 2 === 0) return list[0]!;
  return roll() % 3 === 0 ? [...list, list[0]!] : list;
}

function listed(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

function shuffled<T>(list: readonly T[], roll: Roll): readonly T[] {
  return list.map((item) => ({ item, rank: roll() }))
    .toSorted((left, right) => left.rank - right.rank)
    .map(({ item }) => item);
}

function pick<T>(list: readonly T[], roll: Roll): T {
  return list[roll() % list.length]!;
}
