import { assertEquals, assertMatch } from "@std/assert";
import type { Observed, SettingState } from "../../../../src/resources/bucket/observe.ts";
import { type Plan, planBucket, type Step } from "../../../../src/resources/bucket/plan.ts";
import type { Ownership } from "../../../../src/resources/bucket/plan_input.ts";
import { memoryOf } from "../../../../src/resources/bucket/memory.ts";
import { tagging } from "../../../../src/resources/bucket/settings/tagging.ts";
import { versioning } from "../../../../src/resources/bucket/settings/versioning.ts";
import { chooseTargets } from "../../../../src/resources/bucket/targets.ts";
import type { TestObject } from "../../../support/builders.ts";
import { aService, bucketSpec } from "../fixture.ts";

interface Situation {
  readonly spec?: TestObject;
  readonly presence: Observed["presence"];
  readonly settings?: Readonly<Record<string, SettingState>>;
  readonly ownership?: Ownership;
  readonly takenOver?: boolean;
  readonly heldData?: boolean;
}

const HERE = { kind: "present", region: "us-east-1" } as const;

function plan(situation: Situation): Plan {
  const spec = bucketSpec(situation.spec);
  const { ownership, heldData } = situation;
  const status = {
    ...(ownership === undefined ? {} : { ownership }),
    ...(heldData === undefined ? {} : { heldData }),
  };
  const service = aService();
  const settings = [versioning, tagging] as unknown as Parameters<
    typeof chooseTargets
  >[0]["settings"];
  return planBucket({
    spec,
    observed: {
      presence: situation.presence,
      settings: new Map(Object.entries(situation.settings ?? {})),
      holdsData: undefined,
    },
    ...chooseTargets({ spec, status, settings, service }),
    service,
    status,
    takenOver: situation.takenOver ?? false,
    providerRegion: "us-east-1",
    memory: memoryOf(status),
    settled: false,
    nowMs: 0,
  });
}

function describe(result: Plan): string {
  if (result.kind === "refused") return result.reason;
  const steps = result.steps.map((step) =>
    step.kind === "setting"
      ? `${step.setting.field}=${JSON.stringify(step.value)}`
      : showOther(step)
  );
  return `${result.ownership}: ${steps.join(" ")}`;
}

function showOther(step: Exclude<Step, { kind: "setting" }>): string {
  return step.kind === "create" && step.objectLock ? "create+lock" : step.kind;
}

function observed(value: TestObject): SettingState {
  return { kind: "observed", value };
}

const VERSIONED = { versioning: { enabled: true } };
const UNVERSIONED = { versioning: { enabled: false } };
const TAGGED = { tagging: { tags: { a: "1" } } };

const CASES: readonly (readonly [string, Situation, string])[] = [
  ["absent", { presence: { kind: "absent" } }, "Created: claim create"],
  [
    "absent, with settings",
    { presence: { kind: "absent" }, spec: { ...VERSIONED, ...TAGGED } },
    'Created: claim create versioning={"enabled":true} tagging={"tags":{"a":"1"}}',
  ],
  [
    "absent, and what is asked for is what a new one has",
    { presence: { kind: "absent" }, spec: { ...UNVERSIONED, tagging: {} } },
    "Created: claim create",
  ],
  [
    "absent after a crash within the creation",
    { presence: { kind: "absent" }, ownership: "Creating" },
    "Created: claim create",
  ],
  [
    "absent, though it was created once and never held data",
    { presence: { kind: "absent" }, ownership: "Created", heldData: false },
    "Created: claim create",
  ],
  [
    "absent, though it held data",
    { presence: { kind: "absent" }, ownership: "Created", heldData: true },
    "BucketLost",
  ],
  [
    "absent, though nobody knows whether it held data",
    { presence: { kind: "absent" }, ownership: "Adopted" },
    "BucketLost",
  ],
  [
    "absent, though the predecessor saw it",
    { presence: { kind: "absent" }, takenOver: true },
    "BucketLost",
  ],
  [
    "absent, though it held data, and to be made again all the same",
    {
      presence: { kind: "absent" },
      ownership: "Created",
      heldData: true,
      spec: { recreationPolicy: "Always" },
    },
    "Created: claim create",
  ],
  [
    "absent, though it never held data, and never to be made again",
    {
      presence: { kind: "absent" },
      ownership: "Created",
      heldData: false,
      spec: { recreationPolicy: "Never" },
    },
    "BucketLost",
  ],
  [
    "absent, and only to be looked at",
    { presence: { kind: "absent" }, spec: { drift: { mode: "Detect" } } },
    "BucketAbsent",
  ],
  [
    "absent, to have object lock",
    {
      presence: { kind: "absent" },
      spec: { objectLock: { enabled: true }, versioning: { enabled: true } },
    },
    "Created: claim create+lock",
  ],
  [
    "absent, to be in another region than the Provider's",
    { presence: { kind: "absent" }, spec: { region: "eu-west-1" } },
    "WrongRegion",
  ],
  ["present and nobody's", { presence: HERE }, "AdoptionRefused"],
  [
    "present and to be adopted",
    { presence: HERE, spec: { adoptionPolicy: "Adopt" } },
    "Adopted: ",
  ],
  ["present and taken over", { presence: HERE, takenOver: true }, "Adopted: "],
  ["present and created", { presence: HERE, ownership: "Created" }, "Created: "],
  [
    "present after a crash within the creation",
    { presence: HERE, ownership: "Creating" },
    "Created: ",
  ],
  ["present and adopted before", { presence: HERE, ownership: "Adopted" }, "Adopted: "],
  [
    "ours in another region than the spec's",
    { presence: HERE, ownership: "Created", spec: { region: "eu-west-1" } },
    "WrongRegion",
  ],
  [
    "ours where the service tells no region",
    {
      presence: { kind: "present", region: undefined },
      ownership: "Created",
      spec: { region: "us-east-1" },
    },
    "Created: ",
  ],
  [
    "in another region, although ours",
    { presence: { kind: "elsewhere", region: "eu-west-1" }, ownership: "Created" },
    "WrongRegion",
  ],
  ["forbidden", { presence: { kind: "forbidden" }, ownership: "Created" }, "BucketForbidden"],
  [
    "ours with settings that drifted",
    {
      presence: HERE,
      ownership: "Created",
      spec: { ...VERSIONED, ...TAGGED },
      settings: {
        versioning: observed({ enabled: false }),
        tagging: observed({ tags: { a: "2" } }),
      },
    },
    'Created: versioning={"enabled":true} tagging={"tags":{"a":"1"}}',
  ],
  [
    "ours and as it shall be",
    {
      presence: HERE,
      ownership: "Created",
      spec: { ...VERSIONED, ...TAGGED },
      settings: {
        versioning: observed({ enabled: true }),
        tagging: observed({ tags: { a: "1" } }),
      },
    },
    "Created: ",
  ],
  [
    "ours, never versioned and not to be",
    {
      presence: HERE,
      ownership: "Created",
      spec: UNVERSIONED,
      settings: { versioning: observed({ enabled: false }) },
    },
    "Created: ",
  ],
  [
    "ours at a service without the feature",
    {
      presence: HERE,
      ownership: "Created",
      spec: VERSIONED,
      settings: { versioning: { kind: "unsupported", code: "NotImplemented" } },
    },
    "Created: ",
  ],
  [
    "ours with settings that the spec leaves out",
    {
      presence: HERE,
      ownership: "Created",
      settings: {
        versioning: observed({ enabled: true }),
        tagging: observed({ tags: { a: "1" } }),
      },
    },
    "Created: ",
  ],
];

for (const [what, situation, expected] of CASES) {
  Deno.test(`a bucket that is ${what}: ${expected}`, () => {
    assertEquals(describe(plan(situation)), expected);
  });
}

const REFUSALS: readonly (readonly [Situation, RegExp])[] = [
  [{ presence: HERE }, /spec\.adoptionPolicy: Adopt.*or choose another spec\.name/],
  [{ presence: { kind: "forbidden" } }, /spec\.name, or grant/],
  [{ presence: { kind: "elsewhere", region: "eu-west-1" } }, /region "eu-west-1".*spec\.name/],
  [{ presence: { kind: "elsewhere", region: undefined } }, /another region.*spec\.name/],
  [{ presence: { kind: "absent" }, spec: { region: "eu-west-1" } }, /spec\.region is "eu-west-1"/],
];

for (const [situation, named] of REFUSALS) {
  Deno.test(`a refusal for ${situation.presence.kind} names ${named.source}`, () => {
    const result = plan(situation);
    assertMatch(result.kind === "refused" ? result.message : "", named);
  });
}
