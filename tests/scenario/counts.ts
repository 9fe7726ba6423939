/**
 * Counts what an operator did, by its own metrics.
 */
import { assertEquals } from "@std/assert";
import type { Operator } from "../../src/operator.ts";
import { eventually } from "../support/eventually.ts";

/** Numbers since the operator's start. */
export interface Counts {
  /** Writes to the API server, Events included. */
  readonly kube: number;
  /** Calls to the storage service that change something. */
  readonly provider: number;
  readonly events: number;
  /** Passes that ended. */
  readonly passes: number;
}

/** Reads the counters. */
export async function countWrites(operator: Operator): Promise<Counts> {
  const { kubeRequests, providerRequests, events, reconcileTotal } = operator.metrics;
  return {
    kube: await sum(kubeRequests, ({ method }) => method !== "GET"),
    provider: await sum(
      providerRequests,
      ({ operation }) => !/^(Get|Head|List)/.test(String(operation)),
    ),
    events: await sum(events, () => true),
    passes: await sum(reconcileTotal, () => true),
  };
}

/** The counters once no write is on its way any more: Events are sent in the background. */
export async function countsAtRest(operator: Operator): Promise<Counts> {
  return await eventually(async () => {
    const before = await countWrites(operator);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const after = await countWrites(operator);
    assertEquals([after.kube, after.provider], [before.kube, before.provider]);
    return after;
  });
}

type Labels = Readonly<Partial<Record<string, string | number>>>;

async function sum(
  metric: { get(): Promise<{ values: readonly { labels: Labels; value: number }[] }> },
  counts: (labels: Labels) => boolean,
): Promise<number> {
  const { values } = await metric.get();
  return values.filter(({ labels }) => counts(labels))
    .reduce((total, { value }) => total + value, 0);
}
