import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  nextMark,
  type PlanInput,
  planPolicy,
  unsettledMark,
} from "../../../../src/resources/bucket_policy/plan.ts";
import { statementFingerprint } from "../../../../src/resources/policy/canonical.ts";
import type { PolicyDocument, Statement } from "../../../../src/resources/policy/document.ts";

const READ: Statement = {
  Sid: "Read",
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::logs/*",
};
const WANTED: PolicyDocument = { Version: "2012-10-17", Statement: [READ] };
const OTHER: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ ...READ, Sid: "Other", Action: "s3:PutObject" }],
};

function plan(input: Partial<PlanInput>, recorded: readonly Statement[] = []) {
  return planPolicy({
    observed: undefined,
    own: { owner: "n/a", wanted: WANTED, recorded: recorded.map(statementFingerprint) },
    others: [],
    foreign: "Refuse",
    isUnproven: false,
    unsettled: undefined,
    ...input,
  });
}

const FINGERPRINTS = [statementFingerprint(READ)];

Deno.test("a bucket without a policy gets one, and that is no drift", () => {
  const result = plan({});
  assert(result.kind === "write");
  assertEquals([result.document, result.isDrift], [WANTED, false]);
});

Deno.test("what was written and is gone is drift; an edit is none", () => {
  const gone = plan({}, [READ]);
  assert(gone.kind === "write");
  assertEquals(gone.isDrift, true);
  const edited = plan({ observed: JSON.stringify(OTHER) }, OTHER.Statement);
  assert(edited.kind === "write");
  assertEquals(edited.isDrift, false);
});

Deno.test("a policy in place is settled", () => {
  assertEquals(plan({ observed: JSON.stringify(WANTED) }).kind, "settled");
});

Deno.test("an end without a statement of its own leaves nothing to write", () => {
  const own = { owner: "n/a", wanted: { Statement: [] }, recorded: FINGERPRINTS };
  assertEquals(plan({ own }).kind, "settled");
  const result = plan({ own, observed: JSON.stringify(WANTED) });
  assert(result.kind === "write");
  assertEquals(result.document.Statement, []);
});

Deno.test("a policy that cannot be read is only replaced by a word", () => {
  const observed = '{"Statement":"strange"}';
  for (const foreign of ["Refuse", "Adopt"] as const) {
    const result = plan({ observed, foreign });
    assert(result.kind === "refused");
    assertEquals(result.reason, "ForeignPolicy");
  }
  assertEquals(plan({ observed, foreign: "Replace" }).kind, "write");
});

Deno.test("a predecessor's policy is written only after a word, unless it is in place", () => {
  const result = plan({ isUnproven: true });
  assert(result.kind === "refused");
  assertEquals(result.reason, "TakeoverDiffers");
  assertEquals(plan({ isUnproven: true, observed: JSON.stringify(WANTED) }).kind, "settled");
  const foreign = plan({ isUnproven: true, observed: JSON.stringify(OTHER) });
  assertEquals(foreign.kind === "refused" && foreign.reason, "TakeoverDiffers");
});

Deno.test("what a service makes of a policy is not fought", () => {
  const made = JSON.stringify({ ...WANTED, Statement: [{ ...READ, Action: "s3:*" }] });
  const unsettled = unsettledMark(FINGERPRINTS, made);
  const again = plan({ observed: made, unsettled }, [READ]);
  assert(again.kind === "refused");
  assertEquals(again.reason, "NotConverged");
  const edited = { owner: "n/a", wanted: OTHER, recorded: FINGERPRINTS };
  const written = plan({ observed: made, unsettled, own: edited });
  assert(written.kind === "write");
  assertEquals(written.document, OTHER, "what the service made of it goes with it");
  const changed = plan({ observed: undefined, unsettled }, [READ]);
  assertEquals(changed.kind, "write", "somebody changed the bucket: a new try");
});

Deno.test("what was read back once may be somebody else's: it is written once more, not taken over", () => {
  const theirs = JSON.stringify({ ...WANTED, Statement: [{ ...READ, Sid: "Theirs" }] });
  const first = nextMark(unsettledMark(FINGERPRINTS, theirs), undefined);
  assertEquals(first.isSure, false);
  const result = plan({ observed: theirs, unsettled: first.mark });
  assertEquals(result.kind === "refused" && result.reason, "NotConverged");
  const edited = JSON.stringify({ ...WANTED, Statement: [{ ...READ, Action: "s3:*" }] });
  const seen = nextMark(unsettledMark(FINGERPRINTS, edited), undefined);
  assertEquals(plan({ observed: edited, unsettled: seen.mark }, [READ]).kind, "write");
  const again = nextMark(unsettledMark(FINGERPRINTS, edited), seen.mark);
  assertEquals(again.isSure, true);
  assertEquals(plan({ observed: edited, unsettled: again.mark }, [READ]).kind, "refused");
});

Deno.test("foreign statements are named, at most five", () => {
  const Statement = Array.from({ length: 7 }, (_, index) => ({ ...READ, Sid: `Theirs${index}` }));
  const result = plan({ observed: JSON.stringify({ Statement }) });
  assert(result.kind === "refused");
  assertStringIncludes(result.message, 'Statement "Theirs4" and 2 more');
  assertStringIncludes(result.message, "spec.adoptionPolicy: Adopt");
});
