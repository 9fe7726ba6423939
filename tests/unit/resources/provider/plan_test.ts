import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Probe } from "../../../../src/resources/provider/observe.ts";
import { judge } from "../../../../src/resources/provider/plan.ts";
import { providerReasons } from "../../../../src/resources/provider/reasons.ts";
import { ProviderError, type ProviderErrorKind } from "../../../../src/wasabi/error.ts";

const TARGET = { host: "s3.test", region: "eu-west-1" };

function failed(kind: ProviderErrorKind, region?: string): Probe {
  const error = new ProviderError("raw text of the service, request 123", {
    kind,
    operation: "ListBuckets",
    code: "TheCode",
    httpStatus: 400,
    requestId: "request-id",
    region,
  });
  return { kind: "failed", error };
}

function bucket(presence: Extract<Probe, { kind: "bucket" }>["presence"]): Probe {
  return { kind: "bucket", name: "probe-bucket", presence };
}

type Row = readonly [string, Probe, string, string, string, RegExp];

/** what, probe, reason, status of reachable/auth/ready, when again, what the message names */
const VERDICTS: readonly Row[] = [
  ["a list of buckets", { kind: "listed" }, "Ready", "True/True/True", "routine", /ready/],
  [
    "a refused list",
    { kind: "listingDenied" },
    "Ready",
    "True/True/True",
    "routine",
    /spec\.probe\.bucket/,
  ],
  [
    "a bucket that is there",
    bucket({ kind: "present", region: "eu-west-1" }),
    "Ready",
    "True/True/True",
    "routine",
    /ready/,
  ],
  [
    "a bucket that is not there",
    bucket({ kind: "absent" }),
    "ProbeBucketNotFound",
    "True/True/False",
    "afterChange",
    /"probe-bucket" of spec\.probe\.bucket.*create it/,
  ],
  [
    "a forbidden bucket",
    bucket({ kind: "forbidden" }),
    "AccessDenied",
    "True/True/False",
    "afterChange",
    /spec\.probe\.bucket.*grant/,
  ],
  [
    "a bucket of another region",
    bucket({ kind: "elsewhere", region: "us-east-1" }),
    "WrongRegion",
    "True/True/False",
    "afterChange",
    /region "us-east-1": make spec\.region and spec\.endpoint fit/,
  ],
  [
    "WrongKey",
    failed("WrongKey"),
    "WrongKey",
    "True/False/False",
    "afterChange",
    /accessKeySecretRef/,
  ],
  [
    "WrongSecret",
    failed("WrongSecret"),
    "WrongSecret",
    "True/False/False",
    "afterChange",
    /secretKeySecretRef/,
  ],
  [
    "WrongToken",
    failed("WrongToken"),
    "WrongToken",
    "True/False/False",
    "afterChange",
    /sessionTokenSecretRef/,
  ],
  [
    "AccountProblem",
    failed("AccountProblem"),
    "AccountProblem",
    "True/False/False",
    "afterChange",
    /settle/,
  ],
  [
    "AccessDenied",
    failed("AccessDenied"),
    "AccessDenied",
    "True/False/False",
    "afterChange",
    /grant/,
  ],
  ["Lockout", failed("Lockout"), "Lockout", "True/False/False", "afterLockout", /five minutes/],
  [
    "ClockSkew",
    failed("ClockSkew"),
    "ClockSkew",
    "True/False/False",
    "soon",
    /set the node's clock/,
  ],
  [
    "WrongRegion",
    failed("WrongRegion", "us-east-1"),
    "WrongRegion",
    "True/Unknown/False",
    "afterChange",
    /"us-east-1": make spec\.region/,
  ],
  [
    "DnsFailure",
    failed("DnsFailure"),
    "DnsFailure",
    "False/Unknown/False",
    "soon",
    /spec\.endpoint/,
  ],
  [
    "ConnectionRefused",
    failed("ConnectionRefused"),
    "ConnectionRefused",
    "False/Unknown/False",
    "soon",
    /spec\.endpoint/,
  ],
  [
    "TlsFailure",
    failed("TlsFailure"),
    "TlsFailure",
    "False/Unknown/False",
    "soon",
    /caCertSecretRef/,
  ],
  ["Timeout", failed("Timeout"), "Timeout", "False/Unknown/False", "soon", /spec\.endpoint/],
  [
    "ConnectionLost",
    failed("ConnectionLost"),
    "ConnectionLost",
    "False/Unknown/False",
    "soon",
    /spec\.endpoint/,
  ],
  [
    "Throttled",
    failed("Throttled"),
    "Throttled",
    "True/Unknown/False",
    "soon",
    /spec\.rateLimit\.s3/,
  ],
  ["ServerError", failed("ServerError"), "ServiceError", "True/Unknown/False", "soon", /TheCode/],
  ["Invalid", failed("Invalid"), "ServiceError", "True/Unknown/False", "soon", /TheCode/],
  ["Unsupported", failed("Unsupported"), "ServiceError", "True/Unknown/False", "soon", /TheCode/],
];

for (const [what, probe, reason, statuses, again, named] of VERDICTS) {
  Deno.test(`${what} is ${reason}, ${statuses}, tried again ${again}`, () => {
    const verdict = judge(probe, TARGET);
    const { reachable, auth, ready } = verdict;
    assertEquals(ready.reason, reason);
    assertEquals([reachable.status, auth.status, ready.status].join("/"), statuses);
    assertEquals(verdict.again, again);
    assertMatch(ready.message, named);
    assert(ready.reason in providerReasons);
    for (const { message } of [reachable, auth, ready]) {
      assert(!/raw text|request-id|123/.test(message), message);
      assert(!message.endsWith("."), message);
    }
  });
}
