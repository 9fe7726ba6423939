import { assertEquals, assertMatch } from "@std/assert";
import type { Observed, SettingState } from "../../../../src/resources/bucket/observe.ts";
import { type Ownership, type Plan, planBucket } from "../../../../src/resources/bucket/plan.ts";
import { allSettings } from "../../../../src/resources/bucket/settings/all.ts";
import type { TestObject } from "../../../support/builders.ts";
import { bucketSpec } from "../fixture.ts";

interface Situation {
  readonly spec?: TestObject;
  readonly presence: Observed["presence"];
  readonly settings?: Readonly<Record<string, SettingState>>;
  readonly ownership?: Ownership;
  readonly takenOver?: boolean;
}

const HERE = { kind: "present", region: "us-east-1" } as const;

function plan(situation: Situation): Plan {
  return planBucket({
    spec: bucketSpec(situation.spec),
    observed: {
      presence: situation.presence,
      settings: new Map(Object.entries(situation.settings ?? {})),
    },
    settings: allSettings,
    ownership: situation.ownership,
    takenOver: situation.takenOver ?? false,
    providerRegion: "us-east-1",
  });
}

function describe(result: Plan): string {
  if (result.kind === "refused") return result.reason;
  const steps = result.steps.map((step) =>
    step.kind === "setting" ? `${step.setting.field}=${JSON.stringify(step.desired)}` : step.kind
  );
  return `${result.ownership}: ${steps.join(" ")}`;
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
    'Created: claim create versioning="Enabled" tagging={"a":"1"}',
  ],
  [
    "absent, and what is asked for is what a new one has",
    { presence: { kind: "absent" }, spec: { ...UNVERSIONED, tagging: {} } },
    "Created: claim create",
  ],
  [
    "absent, though it was created once",
    { presence: { kind: "absent" }, ownership: "Created" },
    "Created: claim create",
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
      settings: { versioning: observed("Suspended"), tagging: observed({ a: "2" }) },
    },
    'Created: versioning="Enabled" tagging={"a":"1"}',
  ],
  [
    "ours and as it shall be",
    {
      presence: HERE,
      ownership: "Created",
      spec: { ...VERSIONED, ...TAGGED },
      settings: { versioning: observed("Enabled"), tagging: observed({ a: "1" }) },
    },
    "Created: ",
  ],
  [
    "ours, never versioned and not to be",
    {
      presence: HERE,
      ownership: "Created",
      spec: UNVERSIONED,
      settings: { versioning: observed("Never") },
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
      settings: { versioning: observed("Enabled"), tagging: observed({ a: "1" }) },
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
