/**
 * TLS settings of a Provider that act, tried on the one server at hand that speaks TLS with a
 * private authority: the API server itself. It is no S3 service, so the Provider never becomes
 * Ready; what is judged is whether TLS is what keeps it from being so.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { installDefinitions } from "../conformance/crd_server.ts";
import { play, type Stage } from "../scenario/stage.ts";
import { aSecret } from "../support/builders.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import { variable } from "../support/environment.ts";
import { eventually } from "../support/eventually.ts";
import { withRealServers } from "./real_servers.ts";

function tlsTest(claim: string, run: (stage: Stage) => Promise<void>): void {
  Deno.test(claim, () =>
    withRealServers(async (theatre) => {
      await installDefinitions(theatre.kubernetes);
      await play(theatre, { claim, run });
    }));
}

/** Waits until the Provider was tried with its present spec, and tells the reason. */
function reasonOf(stage: Stage): Promise<string> {
  return eventually(async () => {
    const provider = await stage.cluster.get("Provider", "provider");
    const ready = conditionOf(provider, "Ready");
    assertEquals(ready?.observedGeneration, provider.metadata.generation);
    return ready.reason;
  });
}

tlsTest("an authority that is not trusted is told, with the field that names it", async (stage) => {
  await stage.operate();
  await stage.provide({ endpoint: stage.theatre.kubernetes.baseUrl });
  const provider = await stage.cluster.untilCondition("Provider", "provider", {
    status: "False",
    reason: "TlsFailure",
  });
  assertStringIncludes(conditionOf(provider, "Ready").message, "spec.tls.caCertSecretRef");
});

tlsTest("an authority named in caCertSecretRef is trusted", async (stage) => {
  const ca = await Deno.readTextFile(variable("KUBERNETES_CA"));
  await stage.cluster.apply(aSecret("authority", { "ca.crt": ca }));
  await stage.operate();
  await stage.provide({
    endpoint: stage.theatre.kubernetes.baseUrl,
    tls: { caCertSecretRef: { name: "authority" } },
  });
  const reason = await reasonOf(stage);
  assert(reason !== "TlsFailure" && !reason.startsWith("Secret"), reason);
});

tlsTest("insecureSkipVerify accepts any certificate", async (stage) => {
  await stage.operate();
  await stage.provide({
    endpoint: stage.theatre.kubernetes.baseUrl,
    tls: { insecureSkipVerify: true },
  });
  assert(await reasonOf(stage) !== "TlsFailure");
});
