import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { statementFingerprint } from "../../../../src/resources/policy/canonical.ts";
import type { PolicyDocument, Statement } from "../../../../src/resources/policy/document.ts";
import {
  type MergeInput,
  mergePolicies,
  type Share,
} from "../../../../src/resources/policy/merge.ts";

function statement(name: string | undefined, resource: string): Statement {
  return {
    ...(name === undefined ? {} : { Sid: name }),
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::logs/${resource}`,
  };
}

function policy(...statements: readonly Statement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement: statements };
}

function share(owner: string, wanted: PolicyDocument, recorded = wanted): Share {
  return { owner, wanted, recorded: recorded.Statement.map(statementFingerprint) };
}

function merge(own: Share, input: Partial<MergeInput>) {
  return mergePolicies({ observed: undefined, others: [], foreign: "Refuse", ...input, own });
}

/** The merged policy; fails when there is none. */
function merged(own: Share, input: Partial<MergeInput>) {
  const result = merge(own, input);
  assert(result.kind === "merged", JSON.stringify(result));
  return result;
}

const A = policy(statement("A", "a"));
const B = policy(statement("B", "b"));
const FOREIGN = statement("Theirs", "theirs");

Deno.test("on a bucket without a policy the own statements are all", () => {
  const result = merged(share("n/a", A, policy()), {});
  assertEquals(result.document, A);
  assertEquals([result.isSynced, result.own.length], [false, 1]);
});

Deno.test("statements that others recorded stay, in an order that does not depend on who came first", () => {
  const both = [statement("A", "a"), statement("B", "b")];
  const late = merged(share("n/a", A, policy()), { observed: B, others: [share("n/b", B)] });
  const early = merged(share("n/b", B, policy()), { observed: A, others: [share("n/a", A)] });
  assertEquals(late.document.Statement, both);
  assertEquals(early.document.Statement, both);
});

Deno.test("what the object wrote and no longer wants goes, and nothing else", () => {
  const own = share("n/a", policy(), A);
  const observed = policy(...A.Statement, ...B.Statement);
  assertEquals(merged(own, { observed, others: [share("n/b", B)] }).document, B);
  assertEquals(merged(own, { observed: A }).document.Statement, []);
});

Deno.test("a statement that two objects have stays until both are gone", () => {
  const own = share("n/a", policy(), A);
  const result = merged(own, { observed: A, others: [share("n/b", A)] });
  assertEquals([result.isSynced, result.document], [true, A]);
});

Deno.test("what nobody recorded is foreign: refused, kept or replaced as the spec says", () => {
  const own = share("n/a", A, policy());
  const observed = policy(FOREIGN);
  assertEquals(merge(own, { observed }), { kind: "foreign", names: ['Statement "Theirs"'] });
  const adopted = merged(own, { observed, foreign: "Adopt" });
  assertEquals(adopted.document.Statement, [FOREIGN, ...A.Statement]);
  assertEquals(merged(own, { observed, foreign: "Replace" }).document, A);
});

Deno.test("what others want and have not yet recorded is not foreign", () => {
  const other = share("n/b", B, policy());
  assertEquals(
    merged(share("n/a", A), { observed: B, others: [other] }).document.Statement.length,
    2,
  );
});

Deno.test("a statement that was edited under its name is the object's own, once it had written it", () => {
  const observed = policy(statement("A", "edited"));
  assertEquals(merge(share("n/a", A, policy()), { observed }).kind, "foreign");
  assertEquals(merged(share("n/a", A), { observed }).document, A);
  const own = share("n/a", policy(), policy());
  const kept = merged(own, { observed, others: [share("n/b", A)] });
  assertEquals(kept.document, observed, "it is the other's to repair");
});

Deno.test("all that share a name get unique ones, whoever came first", () => {
  const other = policy(statement("A", "other"));
  const first = merged(share("n/a", A, policy()), { others: [share("n/b", other, policy())] });
  const second = merged(share("n/b", other, policy()), { others: [share("n/a", A, policy())] });
  const names = [first, second].map(({ document }) => document.Statement[0]?.Sid ?? "");
  for (const name of names) assertMatch(name, /^A[0-9a-f]{8}$/);
  assertNotEquals(names[0], names[1]);
  assertStringIncludes(first.conflicts[0]!, 'is called "A"');
});

Deno.test("equal statements of one name are no conflict", () => {
  const result = merged(share("n/a", A, policy()), { others: [share("n/b", A, policy())] });
  assertEquals([result.document, result.conflicts], [A, []]);
});

Deno.test("a name that a foreign statement has is left to it", () => {
  const observed = policy(statement("A", "theirs"));
  const { document } = merged(share("n/a", A, policy()), { observed, foreign: "Adopt" });
  const names = document.Statement.map(({ Sid }) => Sid);
  assertEquals(names[0], "A");
  assertMatch(names[1] ?? "", /^A[0-9a-f]{8}$/);
});

Deno.test("statements without a name are told apart by their meaning", () => {
  const own = policy(statement(undefined, "a"));
  const observed = policy({ ...statement(undefined, "a"), Principal: { AWS: ["*"] } });
  assertEquals(merged(share("n/a", own, policy()), { observed }).isSynced, true);
  assertEquals(merge(share("n/a", A), { observed }).kind, "foreign");
});

Deno.test("an older version is raised where that changes no meaning, and refused where it does", () => {
  const old: PolicyDocument = { Statement: [FOREIGN] };
  const result = merged(share("n/a", A, policy()), { observed: old, foreign: "Adopt" });
  assertEquals(result.document.Version, "2012-10-17");
  const literal: PolicyDocument = { Statement: [statement("V", "${aws:username}/*")] };
  const refused = merge(share("n/a", A, policy()), { observed: literal, foreign: "Adopt" });
  assert(refused.kind === "impossible");
  assertStringIncludes(refused.message, "policy.version");
});

Deno.test("more than a bucket's policy can hold is refused", () => {
  const long = policy(...Array.from({ length: 220 }, (_, index) => statement(`S${index}`, "x")));
  const result = merge(share("n/a", A, policy()), { observed: long, others: [share("n/b", long)] });
  assert(result.kind === "impossible");
  assertStringIncludes(result.message, "at most 20480");
});
