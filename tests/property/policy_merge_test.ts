/**
 * Several objects put policies on one bucket in any order: nobody loses a statement, and nothing
 * stays behind.
 */
import fc from "fast-check";
import { assertEquals } from "@std/assert";
import { statementFingerprint } from "../../src/resources/policy/canonical.ts";
import type { PolicyDocument, Statement } from "../../src/resources/policy/document.ts";
import { mergePolicies, type Share } from "../../src/resources/policy/merge.ts";

const RUNS = 3_000;
const NAMES = ["A", "B", undefined];
const OWNERS = ["n/a", "n/b", "n/c"];

interface Action {
  readonly owner: string;
  /** What the owner wants from now on; its end without. */
  readonly wanted: readonly Statement[] | undefined;
}

const statement = fc.record({
  name: fc.constantFrom(...NAMES),
  path: fc.constantFrom("x", "y", "z"),
}).map(({ name, path }): Statement => ({
  ...(name === undefined ? {} : { Sid: name }),
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: `arn:aws:s3:::logs/${path}`,
}));

/** Names are unique within one object: others are refused before. */
const statements = fc.uniqueArray(statement, { maxLength: 3, selector: ({ Sid }) => Sid });

const action: fc.Arbitrary<Action> = fc.record({
  owner: fc.constantFrom(...OWNERS),
  wanted: fc.option(statements, { nil: undefined }),
});

const FOREIGN: Statement = {
  Sid: "B",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:DeleteObject",
  Resource: "arn:aws:s3:::logs/*",
};

class Bucket {
  policy: PolicyDocument = { Version: "2012-10-17", Statement: [FOREIGN] };
  readonly shares = new Map<string, Share>();

  /** What a pass over an object does. */
  pass(owner: string): void {
    const own = this.shares.get(owner);
    if (own === undefined) return;
    const others = [...this.shares.values()].filter((share) => share.owner !== owner);
    const merged = mergePolicies({ observed: this.policy, own, others, foreign: "Adopt" });
    if (merged.kind !== "merged") throw new Error(`Cannot merge: ${JSON.stringify(merged)}`);
    this.policy = merged.document;
    const names = this.policy.Statement.map(({ Sid }) => Sid).filter((name) => name !== undefined);
    assertEquals(names.length, new Set(names).size, "the service refuses equal names");
    this.shares.set(owner, { ...own, recorded: merged.own });
  }

  want(owner: string, wanted: readonly Statement[]): void {
    const recorded = this.shares.get(owner)?.recorded ?? [];
    const document = { Version: "2012-10-17", Statement: wanted };
    this.shares.set(owner, { owner, wanted: document, recorded });
    this.pass(owner);
  }

  end(owner: string): void {
    this.want(owner, []);
    this.shares.delete(owner);
  }
}

function withoutName({ Sid: _name, ...rest }: Statement): string {
  return statementFingerprint(rest);
}

Deno.test(`objects come, change and go in any order, and only the foreign statement stays (${RUNS} runs)`, () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
      const bucket = new Bucket();
      for (const { owner, wanted } of actions) {
        if (wanted === undefined) bucket.end(owner);
        else bucket.want(owner, wanted);
      }
      for (const owner of OWNERS) bucket.pass(owner);
      const present = new Set(bucket.policy.Statement.map(withoutName));
      for (const { owner, wanted } of bucket.shares.values()) {
        for (const item of wanted.Statement) {
          assertEquals(
            present.has(withoutName(item)),
            true,
            `${owner} lost ${JSON.stringify(item)}`,
          );
        }
        const names = bucket.policy.Statement.map(({ Sid }) => Sid);
        for (const { Sid } of wanted.Statement) {
          const isNamed = names.some((name) => name?.replace(/[0-9a-f]{8}$/, "") === Sid);
          assertEquals(isNamed, true, `${owner} lost the name ${Sid}`);
        }
      }
      for (const owner of OWNERS) bucket.end(owner);
      assertEquals(bucket.policy.Statement, [FOREIGN]);
    }),
    { numRuns: RUNS },
  );
});
