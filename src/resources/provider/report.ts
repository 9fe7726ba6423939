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
  readonly endpoint: string | undefined;
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
  const since = connected && !stored.connected
    ? new Date(facts.nowMs).toISOString()
    : stored.lastConnectTime;
  return {
    fields: fieldsOf({ connected, lastConnectTime: since, endpoint: facts.endpoint }),
    conditions: [
      { type: "AuthValid", ...verdict.auth },
      { type: "EndpointReachable", ...verdict.reachable },
      ...summary(verdict.ready, verdict.again === "afterChange"),
    ],
  };
}

/** Reports that no probe could be made, and why. */
export function reportProblem(
  provider: Provider,
  problem: { readonly reason: ProviderReason; readonly message: string; readonly stalled: boolean },
): StatusReport {
  const stored = (provider.status ?? {}) as Partial<ProviderStatus>;
  const { reason, message } = problem;
  const blamesAuth = reason.startsWith("Secret");
  return {
    fields: fieldsOf({
      connected: false,
      lastConnectTime: stored.lastConnectTime,
      endpoint: stored.endpoint,
    }),
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
  const { conditions, observedGeneration: _generation, ...fields } = stored;
  const kept = (conditions ?? []).filter(({ type }) =>
    type === "AuthValid" || type === "EndpointReachable"
  );
  return {
    fields: fields as { readonly [key: string]: Json },
    conditions: [
      ...kept.map(({ type, status, reason, message }) => ({
        type,
        status: status ?? "Unknown",
        reason: reason ?? "Pending",
        message: message ?? "",
      })),
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

function fieldsOf(
  fields: Readonly<Record<string, Json | undefined>>,
): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  );
}
