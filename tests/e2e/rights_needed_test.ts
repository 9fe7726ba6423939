/**
 * No preset of the chart grants a right too many: there is none without which the operator could
 * still do everything.
 */
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/ops/clock.ts";
import { startSandboxIam } from "../../src/sandbox/iam/server.ts";
import { startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { grantedRights } from "../conformance/chart_rights.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { everyRightOptions, needEveryRight } from "../scenario/every_right.ts";
import { play, type Theatre } from "../scenario/stage.ts";
import type { TestObject } from "../support/builders.ts";
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
import { MINIMAL, NAMESPACED, type Preset, SPLIT } from "./presets.ts";
import { withRealServers } from "./real_servers.ts";

/** Stands for the namespace of a life, which is named once the life begins. */
const PLACE = "namespace-to-be-named";

/** Lives that are led at the same time. */
const AT_A_TIME = 4;

/** What one life with a right less came to. */
interface Life {
  readonly refused: readonly string[];
  /** Ends some time after the refusal: its waits are not cut short. */
  readonly end: Promise<unknown>;
}

/** The theatre as its users have it until a request of the operator is refused. */
function untilRefused(theatre: Theatre, refused: ReadonlySet<string>): Theatre {
  const hands: KubernetesEndpoint = {
    ...theatre.kubernetes,
    get baseUrl(): string {
      assertEquals(refused.size, 0, "Cannot go on: a right is missing");
      return theatre.kubernetes.baseUrl;
    },
  };
  return { ...theatre, kubernetes: hands };
}

/** Lives with the roles of a preset until a request is refused, or to the end. */
async function liveWith(
  theatre: Theatre,
  preset: Preset,
  rolesIn: (namespace: string) => readonly TestObject[],
): Promise<Life> {
  const { kubernetes } = theatre;
  const refused = new Set<string>();
  let end: Promise<unknown> = Promise.resolve();
  let roles: readonly TestObject[] = [];
  const life = play(untilRefused(theatre, refused), {
    claim: "a life",
    run: async (stage) => {
      const { namespace } = stage.cluster;
      roles = rolesIn(namespace);
      await applyRoles(kubernetes, roles);
      const access = await accountAccess(kubernetes, namespace);
      await untilInForce(kubernetes, roles, access);
      const { leaderElection, ...options } = everyRightOptions(stage);
      await stageAs(stage, { access, options }).operate({
        ...preset.options([namespace]),
        namespaces: [namespace],
        leaderElection: { ...leaderElection!, leaseName: nameIn(namespace) },
        fetch: noteRefusals(options.fetch!, refused),
      });
      const outcomes: unknown[] = [];
      end = needEveryRight(stage).then(
        () => outcomes.push("lived"),
        (error) => outcomes.push(error),
      );
      await eventually(() => assert(refused.size + outcomes.length > 0), { timeoutMs: 60_000 });
      assert(refused.size > 0 || outcomes[0] === "lived", String(outcomes[0]));
    },
  });
  await life.finally(() => removeClusterRoles(kubernetes, roles));
  return { refused: [...refused], end };
}

/** Runs what is made of each item, a few at a time. */
async function forEachFew<T>(items: Iterable<T>, run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(Array.from({ length: AT_A_TIME }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
  }));
}

/** What is refused under the whole preset, and without each of its rights. */
async function refusals(
  theatre: Theatre,
  preset: Preset,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const rendered = await renderRoles(PLACE, [
    `rbac.preset=${preset.name}`,
    `operator.watchNamespaces={${PLACE}}`,
  ]);
  const found: Record<string, readonly string[]> = {};
  const ends: Promise<unknown>[] = [];
  const variants = [["", rendered] as const, ...takeRightsAway(rendered)];
  await forEachFew(variants, async ([right, roles]) => {
    const rolesIn = (to: string) => inRelease(roles, { from: PLACE, to });
    const { refused, end } = await liveWith(theatre, preset, rolesIn);
    ends.push(end);
    found[right] = refused;
  });
  await Promise.all(ends);
  const rights = rendered.flatMap(({ rules }) => grantedRights(rules ?? []));
  assertEquals(Object.keys(found).sort(), ["", ...rights].sort());
  return found;
}

for (const preset of [MINIMAL, NAMESPACED, SPLIT]) {
  Deno.test(`without any one right a request is refused: ${preset.name}`, () =>
    withRealServers(async ({ kubernetes, ...theatre }) => {
      await installDefinitions(kubernetes);
      const s3 = await startSandboxS3({ clock: systemClock });
      const iam = await startSandboxIam({ directory: s3.state.directory });
      const { url, accessKeyId, secretAccessKey } = s3;
      const cloud = { url, iamUrl: iam.url, accessKeyId, secretAccessKey };
      try {
        const found = await refusals({ ...theatre, kubernetes, cloud }, preset);
        for (const [right, refused] of Object.entries(found)) {
          assertEquals(refused, right === "" ? [] : [right]);
        }
      } finally {
        await iam.stop();
        await s3.stop();
      }
    }));
}
