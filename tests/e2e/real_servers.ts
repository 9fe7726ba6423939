/**
 * The theatres of real servers, from the variables of the environment.
 */
import { kubeconfigAccess } from "../../src/kube/kubeconfig.ts";
import { systemClock } from "../../src/ops/clock.ts";
import type { Theatre } from "../scenario/stage.ts";
import type { CloudEndpoint } from "../support/cloud_admin.ts";
import { variable } from "../support/environment.ts";
import { kubernetesFromEnvironment } from "../support/kubernetes_endpoint.ts";

/** A service and the name that its variables begin with. */
export interface RealCloud extends CloudEndpoint {
  readonly name: string;
}

/** Services that let any key in: they cannot tell whether a signature is right. */
const OPEN_SERVICES = ["MOTO"];

/** Services that answer IAM's requests at the address of S3. */
const WITH_IAM = /^MOTO/;

/**
 * Every S3 service that NAME_ENDPOINT, NAME_ACCESS_KEY and NAME_SECRET_KEY name and that checks
 * signatures.
 *
 * @throws Error when there is none: a test without its server has failed, not passed
 */
export function realClouds(): readonly RealCloud[] {
  return checked(everyCloud().filter(({ name }) => !OPEN_SERVICES.includes(name)));
}

/**
 * As {@link realClouds}, with those that let any key in.
 *
 * @throws Error when there is none
 */
export function everyCloud(): readonly RealCloud[] {
  const clouds = Object.keys(Deno.env.toObject())
    .flatMap((variableName) => /^([A-Z0-9_]+)_ENDPOINT$/.exec(variableName)?.[1] ?? [])
    .filter((name) => Deno.env.get(`${name}_SECRET_KEY`))
    .sort();
  return checked(clouds.map((name) => ({
    name,
    url: variable(`${name}_ENDPOINT`),
    ...(WITH_IAM.test(name) ? { iamUrl: variable(`${name}_ENDPOINT`) } : {}),
    accessKeyId: variable(`${name}_ACCESS_KEY`),
    secretAccessKey: variable(`${name}_SECRET_KEY`),
  })));
}

function checked(clouds: readonly RealCloud[]): readonly RealCloud[] {
  if (clouds.length > 0) return clouds;
  throw new Error("Cannot find an S3 service: set S3_ENDPOINT and its keys");
}

/** Runs a test on the real API server and, without another wish, the first S3 service. */
export async function withRealServers(
  run: (theatre: Theatre) => Promise<void>,
  cloud: CloudEndpoint = realClouds()[0]!,
): Promise<void> {
  const kubernetes = await kubernetesFromEnvironment();
  try {
    await run({
      kubernetes,
      cloud,
      access: () => kubeconfigAccess({ clock: systemClock, path: variable("KUBECONFIG") }),
      closedUrl: "http://127.0.0.1:9",
    });
  } finally {
    kubernetes.client.close();
  }
}
