/**
 * The life of a Provider: resolve its Secrets, try the credentials, judge, report.
 *
 * A Provider writes nothing outside, so unlike the other kinds it has no apply step.
 */
import { type Provider, providerSpecSchema } from "../../api/provider.ts";
import type { Outcome, StatusReport } from "../../control/outcome.ts";
import { PassTimeoutError } from "../../control/pass_timeout.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import { KubeError } from "../../kube/error.ts";
import type { Clock } from "../../ops/clock.ts";
import { hostOf } from "../../wasabi/endpoint.ts";
import { commonFailure } from "../failure.ts";
import { driftIntervalMs } from "../drift_interval.ts";
import { CredentialsError, providerEndpoint, type ProviderSessions } from "../provider_sessions.ts";
import type { Refusals } from "../refusals.ts";
import { parseSpec } from "../spec.ts";
import { finalizeProvider, type FindDependents } from "./delete.ts";
import { probe } from "./observe.ts";
import { judge, type Verdict } from "./plan.ts";
import { reportProblem, reportVerdict } from "./report.ts";

/** What the Providers need from the rest of the operator. */
export interface ProviderContext {
  readonly sessions: ProviderSessions;
  /** What the services answered not to have. */
  readonly refusals: Refusals;
  readonly findDependents: FindDependents;
  readonly clock: Clock;
  /** Time between two tries of good credentials, where the Provider names none. */
  readonly probeIntervalMs: number;
  /** Told the result of each try. */
  readonly onProbe?: (provider: Provider, connected: boolean) => void;
}

/** Wasabi closes the door for five minutes. */
const LOCKOUT_MS = 310_000;
/** A connection that fails is tried again with growing delay, at least after this. */
const SOON_MS = 1_000;

/** Makes the reconciler of Providers. */
export function providerReconciler(context: ProviderContext): Reconciler<Provider> {
  return {
    reconcile: (provider, pass) => reconcile(provider, pass, context),
    finalize: (provider) => finalize(provider, context),
    failed: (provider, error) => failed(provider, error, context),
  };
}

async function reconcile(
  provider: Provider,
  pass: Pass,
  context: ProviderContext,
): Promise<Outcome> {
  const spec = parseSpec(providerSpecSchema, provider);
  const session = await context.sessions.get(provider, spec);
  session.admit();

  const result = await probe({ session, signal: pass.signal }, spec);

  const endpoint = providerEndpoint(spec);
  const verdict = judge(result, { host: hostOf(endpoint), region: spec.region });
  context.onProbe?.(provider, verdict.ready.status === "True");

  const report = reportVerdict(provider, verdict, {
    endpoint,
    capabilities: context.refusals.capabilities(provider, spec),
    nowMs: context.clock.now(),
  });
  const interval = spec.probeIntervalSeconds;
  const intervalMs = interval === undefined ? context.probeIntervalMs : interval * 1000;
  const error = result.kind === "failed" ? result.error : undefined;
  return outcomeOf(verdict, report, {
    error,
    recheckMs: driftIntervalMs(provider, intervalMs),
  });
}

async function finalize(provider: Provider, context: ProviderContext): Promise<Outcome> {
  const outcome = finalizeProvider(provider, context.findDependents);
  if (outcome.kind === "released") {
    context.sessions.forget(provider);
    context.refusals.forget(provider);
    return outcome;
  }
  const { data: spec } = providerSpecSchema.safeParse(provider.spec ?? {});
  // A Secret that goes next must have been read by this process, or nobody could clean up.
  if (spec !== undefined) await context.sessions.get(provider, spec).catch(ignoreUnreadable);
  return outcome;
}

/** Those who need the credentials say what is wrong with them. */
function ignoreUnreadable(error: unknown): void {
  if (!(error instanceof CredentialsError || error instanceof KubeError)) throw error;
}

function outcomeOf(
  verdict: Verdict,
  report: StatusReport,
  next: { readonly error: unknown; readonly recheckMs: number },
): Outcome {
  switch (verdict.again) {
    case "routine":
      return { kind: "done", report, recheckMs: next.recheckMs };
    case "afterChange":
      return { kind: "stuck", report, recheckMs: next.recheckMs };
    case "afterLockout":
      return { kind: "stuck", report, recheckMs: LOCKOUT_MS };
    case "soon":
      return { kind: "retry", report, error: next.error, atLeastMs: SOON_MS };
  }
}

function failed(provider: Provider, error: unknown, context: ProviderContext): Outcome {
  const recheckMs = driftIntervalMs(provider, context.probeIntervalMs);
  const common = commonFailure(error, {
    reportInvalid: (message) => reportProblem({ reason: "InvalidSpec", message, stalled: true }),
    recheckMs,
  });
  if (common !== undefined) return common;
  if (error instanceof CredentialsError) {
    const { reason, message } = error;
    return { kind: "stuck", report: reportProblem({ reason, message, stalled: true }), recheckMs };
  }
  const report = error instanceof PassTimeoutError
    ? reportProblem({
      reason: "Timeout",
      message: "The pass did not end in time: check spec.endpoint and the network on the way",
      stalled: false,
    })
    : reportProblem({
      reason: "InternalError",
      message: "The operator failed: its log tells more",
      stalled: false,
    });
  return { kind: "retry", report, error };
}
