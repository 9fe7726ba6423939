/**
 * Sees Buckets become Ready by one watch, which costs the servers less than asking again and
 * again.
 */
import { pathOf } from "../conformance/crd_server.ts";
import { conditionOf } from "../support/cluster_admin.ts";
import type { KubernetesEndpoint } from "../support/kubernetes_endpoint.ts";

/** A watch that counts. */
export interface ReadyWatch {
  /** Resolves when as many Buckets are Ready as were asked for. */
  readonly done: Promise<void>;
  /** Ends the watch. */
  stop(): Promise<void>;
}

/** Starts to count the Ready Buckets of a namespace. */
export async function watchReady(
  endpoint: KubernetesEndpoint,
  options: { readonly namespace: string; readonly count: number },
): Promise<ReadyWatch> {
  const path = pathOf("Bucket", { namespace: options.namespace });
  const response = await fetch(`${endpoint.baseUrl}${path}?watch=true&resourceVersion=0`);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const ready = new Set<string>();

  function take(line: string): void {
    const { object } = JSON.parse(line);
    const condition = conditionOf(object, "Ready");
    if (condition?.status === "True") ready.add(object.metadata.name);
    else ready.delete(object.metadata.name);
  }

  async function read(): Promise<void> {
    let rest = "";
    while (ready.size < options.count) {
      const { done, value } = await reader.read();
      if (done) throw new Error(`The watch ended with ${ready.size} of ${options.count} Ready`);
      const lines = (rest + value).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line !== "") take(line);
    }
  }

  const done = read();
  return {
    done,
    stop: async () => {
      await reader.cancel();
      await done.catch(() => {});
    },
  };
}
