/**
 * The embedded theatre, with its switches for bad weather in reach.
 */
import { plainAccess } from "../../src/kube/access.ts";
import { systemClock } from "../../src/ops/clock.ts";
import {
  type SandboxKubernetes,
  startSandboxKubernetes,
} from "../../src/sandbox/kubernetes/server.ts";
import { type SandboxIam, startSandboxIam } from "../../src/sandbox/iam/server.ts";
import { type SandboxS3, startSandboxS3 } from "../../src/sandbox/s3/server.ts";
import { assertGranted } from "../conformance/chart_rights.ts";
import { installDefinitions } from "../conformance/crd_server.ts";
import { assertListed, operatorKinds } from "../conformance/request_kinds.ts";
import { play, type Stage, type Theatre } from "./stage.ts";

/** Both embedded servers. */
export interface Embedded {
  readonly kubernetes: SandboxKubernetes;
  readonly s3: SandboxS3;
  readonly iam: SandboxIam;
  readonly theatre: Theatre;
}

/** Starts both servers with the definitions installed, and stops them after `run`. */
export async function withEmbedded(
  run: (embedded: Embedded) => Promise<void>,
  options: { readonly bookmarkIntervalMs?: number } = {},
): Promise<void> {
  const kubernetes = await startSandboxKubernetes({ clock: systemClock, ...options });
  const s3 = await startSandboxS3({ clock: systemClock });
  const iam = await startSandboxIam({ directory: s3.state.directory });
  const theatre: Theatre = {
    kubernetes: { baseUrl: kubernetes.url },
    cloud: {
      url: s3.url,
      iamUrl: iam.url,
      accessKeyId: s3.accessKeyId,
      secretAccessKey: s3.secretAccessKey,
    },
    access: () => Promise.resolve(plainAccess(kubernetes.url)),
    closedUrl: "http://127.0.0.1:9",
  };
  try {
    await installDefinitions(theatre.kubernetes);
    await run({ kubernetes, s3, iam, theatre });
    assertListed("kubernetes", operatorKinds(kubernetes.requests));
    await assertGranted(kubernetes.requests);
    assertListed("s3", operationsOf(s3.requests.entries));
    assertListed("iam", operationsOf(iam.requests.entries));
  } finally {
    await kubernetes.stop();
    await iam.stop();
    await s3.stop();
  }
}

/** What a request that was cut off in the middle was about, nobody knows. */
function operationsOf(requests: SandboxS3["requests"]["entries"]): readonly string[] {
  return requests
    .filter(({ operation, status }) => operation !== "Unknown" || status !== 0)
    .map(({ operation }) => operation);
}

/** A test on the embedded servers whose scenario needs their switches. */
export function embeddedTest(
  claim: string,
  run: (stage: Stage, embedded: Embedded) => Promise<void>,
  options: { readonly bookmarkIntervalMs?: number } = {},
): void {
  Deno.test(claim, () =>
    withEmbedded(
      (embedded) => play(embedded.theatre, { claim, run: (stage) => run(stage, embedded) }),
      options,
    ));
}
