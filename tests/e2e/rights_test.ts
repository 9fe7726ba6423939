/**
 * The chart's rights on a real API server: under each preset the operator can do everything as the
 * chart's ServiceAccount, and there is no right without which it still could.
 */
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxIam } from "../../src/sandbox/iam/server.ts";
import { startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { chartRules, grantedRights } from "../conformance/chart_rights.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { accessKeyScenarios } from "../scenario/access_keys.ts";
import { allScenarios } from "../scenario/all.ts";
import { autoManageScenarios } from "../scenario/auto_manage.ts";
import { bucketPolicyScenarios } from "../scenario/bucket_policies.ts";
import { everyRightOptions, needEveryRight } from "../scenario/every_right.ts";
import { iamPolicyScenarios } from "../scenario/iam_policies.ts";
import { identityScenarios } from "../scenario/identities.ts";
import { providerScenarios } from "../scenario/providers.ts";
import { type OperateOptions, play, type Scenario, type Theatre } from "../scenario/stage.ts";
import type { TestObject } from "../support/builders.ts";
import type { CloudEndpoint } from "../support/cloud_admin.ts";
import { ClusterAdmin } from "../support/cluster_admin.ts";
import { eventually } from "../support/eventually.ts";
import type { KubernetesEndpoint } from "../support/kubernetes_endpoint.ts";
import {
  accountAccess,
  applyRoles,
  inRelease,
  nameIn,
  noteRefusals,
  removeClusterRoles,
  renderRoles,
  stageAs,
  takeRightsAway,
  untilInForce,
} from "./chart_roles.ts";
import { realClouds, withRealServers } from "./real_servers.ts";

/** A preset of rights, and what the chart tells the operator along with it. */
interface Preset {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  readonly options: (namespaces: readonly string[]) => OperateOptions;
}

/** What grants by label need is not there without a watch of namespaces. */
const SOME = [
  ...providerScenarios,
  ...bucketPolicyScenarios.slice(0, 3),
  ...iamPolicyScenarios.slice(0, 2),
  ...accessKeyScenarios.slice(0, 2),
  ...autoManageScenarios.slice(0, 3),
].filter(({ claim }) => !/label/.test(claim));

const PRESETS: readonly Preset[] = [
  { name: "minimal", scenarios: [...allScenarios, ...identityScenarios], options: () => ({}) },
  { name: "namespaced", scenarios: SOME, options: () => ({ watchesNamespaces: false }) },
  { name: "split", scenarios: SOME, options: (secretNamespaces) => ({ secretNamespaces }) },
];

/** Lives that are led at the same time. */
const AT_A_TIME = 4;

function cloudWithIam(): CloudEndpoint {
  return realClouds().find(({ iamUrl }) => iamUrl !== undefined)!;
}

/** Plays a scenario with a release of the chart in a namespace of its own. */
async function playUnder(
  theatre: Theatre,
  { name, options }: Preset,
  { claim, run }: Scenario,
): Promise<void> {
  const { kubernetes } = theatre;
  await play(theatre, {
    claim,
    run: async (stage) => {
      const namespaces = [stage.cluster.namespace, `${stage.cluster.namespace}-other`];
      const release = stage.cluster.in(`${stage.cluster.namespace}-release`);
      await stage.cluster.in(namespaces[1]!).createNamespace();
      await release.createNamespace();
      const roles = await renderRoles(release.namespace, [
        `rbac.preset=${name}`,
        `operator.watchNamespaces={${namespaces.join(",")}}`,
      ]);
      await applyRoles(kubernetes, roles);
      const access = await accountAccess(kubernetes, release.namespace);
      await untilInForce(kubernetes, roles, access);
      const refused = new Set<string>();
      const own = { ...options(namespaces), fetch: noteRefusals(fetch, refused) };
      try {
        await run(stageAs(stage, { access, options: own }));
        assertEquals([...refused], []);
      } finally {
        await removeClusterRoles(kubernetes, roles);
      }
    },
  });
}

for (const preset of PRESETS) {
  Deno.test(`the operator can do everything as the chart's ServiceAccount: ${preset.name}`, (t) =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      for (const scenario of preset.scenarios) {
        await t.step(scenario.claim, () => playUnder(theatre, preset, scenario));
      }
    }, cloudWithIam()));
}

/** What one life with a right less came to. */
interface Life {
  readonly refused: readonly string[];
  /** Ends some time after the refusal: its waits are not cut short. */
  readonly end: Promise<unknown>;
}

/** Lives with these roles until a request is refused, or to the end. */
async function liveWith(
  theatre: Theatre,
  roles: readonly TestObject[],
  release: string,
): Promise<Life> {
  const { kubernetes } = theatre;
  const refused = new Set<string>();
  let end: Promise<unknown> = Promise.resolve();
  const hands: KubernetesEndpoint = {
    ...kubernetes,
    get baseUrl(): string {
      assertEquals(refused.size, 0, "Cannot go on: a right is missing");
      return kubernetes.baseUrl;
    },
  };
  const access = await accountAccess(kubernetes, release);
  await untilInForce(kubernetes, roles, access);
  await play({ ...theatre, kubernetes: hands }, {
    claim: "a life",
    run: async (stage) => {
      const { leaderElection, ...options } = everyRightOptions(stage);
      const lease = { leaseName: nameIn(release), leaseNamespace: release };
      await stageAs(stage, { access, options }).operate({
        leaderElection: { ...leaderElection!, ...lease },
        fetch: noteRefusals(options.fetch!, refused),
      });
      const life = needEveryRight(stage);
      end = life.catch(() => {});
      const refusal = eventually(() => assert(refused.size > 0), { timeoutMs: 60_000 });
      const whole = life.catch((error) => assert(refused.size > 0, String(error)));
      await Promise.race([whole, refusal.catch(() => {})]);
    },
  });
  return { refused: [...refused], end };
}

/** Runs what is made of each item, a few at a time. */
async function forEachFew<T>(items: Iterable<T>, run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  }));
}

/** Tells how the operator fares under the whole preset, and without each of its rights. */
async function tryRights(
  theatre: Theatre,
  tell: (right: string, refused: readonly string[]) => void,
): Promise<void> {
  const { kubernetes } = theatre;
  const placeholder = "release-to-be-named";
  const rendered = await renderRoles(placeholder, ["rbac.preset=minimal"]);
  const ends: Promise<unknown>[] = [];
  const startedAt = Date.now().toString(36);
  let count = 0;
  await forEachFew(
    [["", rendered] as const, ...takeRightsAway(rendered)],
    async ([right, some]) => {
      const release = `right-${startedAt}-${count++}`;
      const roles = inRelease(some, { from: placeholder, to: release });
      await new ClusterAdmin(kubernetes, release).createNamespace();
      await applyRoles(kubernetes, roles);
      try {
        const { refused, end } = await liveWith(theatre, roles, release);
        ends.push(end);
        tell(right, refused);
      } finally {
        await removeClusterRoles(kubernetes, roles);
      }
    },
  );
  await Promise.all(ends);
}

Deno.test("each right of the chart is needed: without it a request is refused", () =>
  withRealServers(async ({ kubernetes, ...theatre }) => {
    await installDefinitions(kubernetes);
    const s3 = await startSandboxS3({ clock: systemClock });
    const iam = await startSandboxIam({ directory: s3.state.directory });
    const { url, accessKeyId, secretAccessKey } = s3;
    const cloud = { url, iamUrl: iam.url, accessKeyId, secretAccessKey };
    const found: Record<string, readonly string[]> = {};
    try {
      await tryRights({ ...theatre, kubernetes, cloud }, (right, refused) => {
        found[right] = refused;
      });
    } finally {
      await iam.stop();
      await s3.stop();
    }
    const rights = grantedRights(await chartRules());
    const wanted = Object.fromEntries(rights.map((right) => [right, [right]]));
    assertEquals(found, { "": [], ...wanted });
  }));
