/**
 * The shortest life of an operator that needs every right that the chart grants.
 *
 * Two things happen seldom, so they are brought about: the API server is one without WatchList,
 * which is listed instead, and somebody else always writes just before our finalizer, which makes
 * the operator read the object again.
 */
import { assertEquals } from "@std/assert";
import type { Fetch } from "../../src/kube/connection.ts";
import { parseResourcePath } from "../../src/sandbox/kubernetes/request_path.ts";
import { aBucket, anAccessKey } from "../support/builders.ts";
import { eventually } from "../support/eventually.ts";
import { type KubernetesEndpoint, mustCall } from "../support/kubernetes_endpoint.ts";
import { anIAMPolicy } from "./iam_policies.ts";
import type { OperateOptions, Stage } from "./stage.ts";

const REQUESTED = "s3.cloud37.dev/reconcile-requested-at";

/** Options of an operator that works for {@link needEveryRight}. */
export function everyRightOptions(stage: Stage): OperateOptions {
  const durations = { leaseMs: 15_000, renewDeadlineMs: 10_000, retryMs: 200 };
  return {
    leaderElection: { leaseName: "operator", leaseNamespace: stage.cluster.namespace, durations },
    fetch: seldomWays(stage.theatre.kubernetes),
    untilStarted: false,
  };
}

/** Lives through it; whoever wants to know what was asked for looks at the operator. */
export async function needEveryRight(stage: Stage): Promise<void> {
  const { cluster, cloud, provide, bucketName } = stage;
  const name = bucketName("all");
  await provide();
  await cluster.apply(anIAMPolicy("all", name));
  const bucket = { name, deletionPolicy: "Delete", tagging: { tags: { owner: "us" } } };
  await cluster.apply(aBucket("all", { ...bucket, autoManage: { enabled: true } }));
  await cluster.untilCondition("Bucket", "all", { type: "CredentialsReady", status: "True" });
  await cluster.untilCondition("IAMPolicy", "all", { status: "True" });
  // A Secret under a new name takes the place of the old one.
  const userRef = { name: "all-user" };
  await cluster.apply(anAccessKey("own", { userRef, secret: { name: "before" } }));
  await cluster.untilCondition("AccessKey", "own", { status: "True" });
  await cluster.apply(anAccessKey("own", { userRef, secret: { name: "after" } }));
  await eventually(async () => assertEquals(await cluster.get("Secret", "before"), undefined));
  // The second Event of the same words is a change of the first.
  for (const request of ["first", "second"]) {
    await cloud.setTags(name, { owner: "them" });
    await cluster.patch("Bucket", "all", { metadata: { annotations: { [REQUESTED]: request } } });
    await eventually(async () => assertEquals(await cloud.tags(name), { owner: "us" }));
  }
  await cluster.delete("AccessKey", "own");
  await cluster.untilGone("AccessKey", "own");
  await cluster.delete("Bucket", "all");
  await cluster.untilGone("Bucket", "all");
}

/** The network with an older API server behind it, and with another writer. */
function seldomWays(kubernetes: KubernetesEndpoint): Fetch {
  const raced = new Set<string>();

  async function raceOnce(url: string): Promise<void> {
    const { pathname } = new URL(url);
    const plural = parseResourcePath(pathname)?.plural ?? "";
    if (raced.has(plural)) return;
    raced.add(plural);
    const body = { metadata: { labels: { raced: "true" } } };
    await mustCall(kubernetes, { method: "PATCH", path: pathname, body });
  }

  return async (url, init) => {
    if (url.includes("sendInitialEvents=true")) {
      const body = { kind: "Status", status: "Failure", code: 422, reason: "Invalid" };
      return Response.json(body, { status: 422 });
    }
    const contentType = new Headers(init.headers).get("content-type");
    if (contentType === "application/json-patch+json") await raceOnce(url);
    return await fetch(url, init);
  };
}
