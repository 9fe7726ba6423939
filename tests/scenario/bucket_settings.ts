/**
 * Scenarios of every setting of a Bucket: created, changed, drifted, removed, not to be had.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Feature, ServiceType } from "../../src/api/features.ts";
import { aBucket, type TestObject } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import { countsAtRest, countWrites } from "./counts.ts";
import { type SettingCase, settingCases } from "./setting_cases.ts";
import type { Scenario, Stage } from "./stage.ts";

/** What the service of a theatre can do. */
export interface ServiceFacts {
  readonly type: ServiceType;
  readonly has: readonly Feature[];
  /** What it answers not to have. A feature may be in neither list: it is something else then. */
  readonly refuses: readonly Feature[];
  /** Logs are written by somebody who must be let in first. */
  readonly wantsLogGrant?: boolean;
}

/** Scenarios for a service: four for each setting that it has, one for each that it refuses. */
export function settingScenarios(facts: ServiceFacts): readonly Scenario[] {
  const had = settingCases.filter(({ field }) => facts.has.includes(field));
  const refused = settingCases.filter(({ field }) => facts.refuses.includes(field));
  return [
    ...had.flatMap((setting) => [
      created(setting, facts),
      changed(setting, facts),
      drifted(setting, facts),
      removed(setting, facts),
    ]),
    ...refused.map((setting) => unsupported(setting, facts)),
    settled(had, facts),
  ];
}

/** A Bucket with the setting as it is at first, once it is Ready. */
async function prepare(
  stage: Stage,
  setting: SettingCase,
  options: ServiceFacts & { readonly driftIntervalMs?: number },
): Promise<string> {
  const { cluster, operate, provide, bucketName } = stage;
  const name = bucketName("it");
  const { type, driftIntervalMs } = options;
  await operate(driftIntervalMs === undefined ? {} : { driftIntervalMs });
  await provide({ type });
  await setting.setUp?.(stage, name, options);
  await cluster.apply(aBucket("it", { name, ...setting.first(name) }));
  await readyAndSynced(stage);
  return name;
}

async function readyAndSynced({ cluster }: Stage): Promise<TestObject> {
  await cluster.untilCondition("Bucket", "it", { type: "Synced", status: "True" });
  return await cluster.untilCondition("Bucket", "it", { status: "True" });
}

function created(setting: SettingCase, facts: ServiceFacts): Scenario {
  return {
    claim: `${setting.field}: what the spec says is what the bucket has`,
    run: async (stage) => {
      const name = await prepare(stage, setting, facts);
      assertEquals(await setting.seen(stage, name), setting.expected(name).first);
    },
  };
}

function changed(setting: SettingCase, facts: ServiceFacts): Scenario {
  return {
    claim: `${setting.field}: a changed spec changes the bucket, and an omitted one leaves it`,
    run: async (stage) => {
      const name = await prepare(stage, setting, facts);
      const { second } = setting.expected(name);
      await stage.cluster.apply(aBucket("it", { name, ...setting.second(name) }));
      await readyAndSynced(stage);
      assertEquals(await setting.seen(stage, name), second);
      await stage.cluster.apply(aBucket("it", { name }));
      await readyAndSynced(stage);
      assertEquals(await setting.seen(stage, name), second);
    },
  };
}

function drifted(setting: SettingCase, facts: ServiceFacts): Scenario {
  return {
    claim: `${setting.field}: what somebody else changes is changed back`,
    run: async (stage) => {
      const name = await prepare(stage, setting, { ...facts, driftIntervalMs: 300 });
      await setting.interfere(stage, name);
      const { first } = setting.expected(name);
      await eventually(async () => assertEquals(await setting.seen(stage, name), first));
      await eventually(async () => {
        const { status } = (await stage.cluster.get("Bucket", "it"))!;
        const { path, action } = status.drift?.differences[0] ?? {};
        assertStringIncludes(String(path), `spec.${setting.field}`);
        assertEquals(action, "Corrected");
      });
    },
  };
}

function removed(setting: SettingCase, facts: ServiceFacts): Scenario {
  return {
    claim: `${setting.field}: an empty one takes away what the bucket has`,
    run: async (stage) => {
      const name = await prepare(stage, setting, facts);
      await stage.cluster.apply(aBucket("it", { name, ...setting.empty }));
      await readyAndSynced(stage);
      assertEquals(await setting.seen(stage, name), setting.expected(name).empty);
    },
  };
}

function unsupported(setting: SettingCase, { type }: ServiceFacts): Scenario {
  return {
    claim: `${setting.field}: a service without it is told, and the Bucket is Ready all the same`,
    run: async ({ cluster, cloud, operate, provide, bucketName }) => {
      const name = bucketName("it");
      const operator = await operate({ driftIntervalMs: 300 });
      await provide({ type });
      await cluster.apply(aBucket("it", { name, ...setting.first(name) }));
      const bucket = await cluster.untilCondition("Bucket", "it", { status: "True" });
      assertEquals(await cloud.exists(name), true);
      const missing = conditionOf(bucket, "FeatureUnsupported");
      assertEquals(missing.status, "True");
      assertStringIncludes(missing.message, `spec.${setting.field}`);
      await eventually(async () => {
        const { status } = (await cluster.get("Provider", "provider"))!;
        const known = status.capabilities.filter(({ feature }: TestObject) =>
          feature === setting.field
        );
        assertEquals(known.map(({ state }: TestObject) => state), ["Unsupported"]);
      });
      const before = await countsAtRest(operator);
      await eventually(async () =>
        assert((await countWrites(operator)).passes >= before.passes + 3)
      );
      const after = await countWrites(operator);
      assertEquals([after.kube, after.provider], [before.kube, before.provider]);
    },
  };
}

function settled(had: readonly SettingCase[], facts: ServiceFacts): Scenario {
  return {
    claim: `a Bucket with ${had.length} settings is written once and then only read`,
    run: async (stage) => {
      const { cluster, operate, provide, bucketName } = stage;
      const name = bucketName("it");
      const operator = await operate({ driftIntervalMs: 300 });
      await provide({ type: facts.type });
      for (const setting of had) await setting.setUp?.(stage, name, facts);
      const settings = had.map((setting) => setting.first(name));
      await cluster.apply(aBucket("it", Object.assign({ name }, ...settings)));
      await readyAndSynced(stage);
      const before = await countsAtRest(operator);
      await eventually(async () =>
        assert((await countWrites(operator)).passes >= before.passes + 4)
      );
      const after = await countWrites(operator);
      assertEquals([after.kube, after.provider], [before.kube, before.provider]);
    },
  };
}
