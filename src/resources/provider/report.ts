/**
 * The status of a Provider.
 */
import type { Json } from "../../api/common.ts";
import type { Provider, ProviderStatus } from "../../api/provider.ts";
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { Answer, Verdict } from "./plan.ts";
import type { ProviderReason } from "./reasons.ts";

/** What a report is made of besides the verdict. */
export interface ReportFacts {
  readonly endpoint: string;
  readonly capabilities: NonNullable<ProviderStatus["capabilities"]>;
  readonly nowMs: number;
}

/** Reports the verdict on a probe. */
export function reportVerdict(
  provider: Provider,
  verdict: Verdict,
  facts: ReportFacts,
): StatusReport {
  const stored = (provider.status ?? {}) as Partial<ProviderStatus>;
  const connected = verdict.ready.status === "True";
  const newlyConnected = connected && !stored.connected;
  return {
    fields: {
      connected,
      endpoint: facts.endpoint,
      capabilities: facts.capabilities as unknown as Json,
      ...(newlyConnected ? { lastConnectTime: new Date(facts.nowMs).toISOString() } : {}),
    },
    conditions: [
      { type: "AuthValid", ...verdict.auth },
      { type: "EndpointReachable", ...verdict.reachable },
      ...summary(verdict.ready, verdict.again === "afterChange"),
    ],
  };
}

/** Reports that no probe could be made, and why. */
export function reportProblem(
  problem: { readonly reason: ProviderReason; readonly message: string; readonly stalled: boolean },
): StatusReport {
  const { reason, message } = problem;
  const blamesAuth = reason.startsWith("Secret");
  return {
    fields: { connected: false },
    conditions: [
      { type: "AuthValid", status: blamesAuth ? "False" : "Unknown", reason, message },
      { type: "EndpointReachable", status: "Unknown", reason, message },
      ...summary({ status: "False", reason, message }, problem.stalled),
    ],
  };
}

/** Reports that the Provider is being deleted and what that waits for; the rest stays. */
export function reportDeleting(provider: Provider, message: string): StatusReport {
  const stored = (provider.status ?? {}) as Partial<ProviderStatus>;
  const kept = (stored.conditions ?? []).filter(({ type }) =>
    type === "AuthValid" || type === "EndpointReachable"
  );
  return {
    fields: {},
    conditions: [
      ...kept.map(({ type, status, reason, message }) => ({ type, status, reason, message })),
      ...summary({ status: "False", reason: "InUse", message }, false),
    ],
  };
}

function summary(ready: Answer, stalled: boolean): readonly WantedCondition[] {
  const conditions: WantedCondition[] = [
    { type: "Ready", ...ready },
    { type: "Synced", ...ready },
  ];
  if (stalled) conditions.push({ type: "Stalled", ...ready, status: "True" });
  return conditions;
}
