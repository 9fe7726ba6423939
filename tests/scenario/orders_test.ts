/**
 * All six kinds come, change and go in any order: everything becomes deletable, nothing stays
 * behind in the account, and what belongs to somebody else is never touched. The same 10,000
 * times: `deno task soak:orders`.
 */
import { assert, assertEquals } from "@std/assert";
import { playOrders } from "./orders.ts";

const RUNS = 100;
/** The same orders each time; the soak draws others. */
const seed = 285_318_762;
/** Without them the orders were about nothing. */
const CALLS = [
  "CreateBucket",
  "DeleteObjects",
  "PutBucketPolicy",
  "CreateUser",
  "AttachUserPolicy",
  "CreatePolicyVersion",
  "CreateAccessKey",
];

Deno.test(`all six kinds come, change and go in any order, ${RUNS} times`, async () => {
  const { runs, failures, calls } = await playOrders({ runs: RUNS, seed });
  assertEquals(failures, [], failures.join("\n"));
  assertEquals(runs, RUNS);
  for (const call of CALLS) assert(calls[call]! > 5, `${call}: ${calls[call]} of seed ${seed}`);
});
