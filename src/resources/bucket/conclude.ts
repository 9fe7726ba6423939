/**
 * What a pass that could read the bucket means for status, Events and the next turn.
 */
import type { Bucket, BucketSpec } from "../../api/bucket.ts";
import type { Json } from "../../api/common.ts";
import type { Notice, Outcome } from "../../control/outcome.ts";
import { describeRefusal } from "../../wasabi/capabilities.ts";
import { driftIntervalMs, parseDuration } from "../drift_interval.ts";
import { credentialsSecretOf } from "./auto_manage/children.ts";
import type { ChildrenState } from "./auto_manage/keep.ts";
import type { BucketContext } from "./context.ts";
import type { Finding } from "./findings.ts";
import { addCorrections, addTry, forgetTries, isGivenUp, type Memory, memoryOf } from "./memory.ts";
import type { Observed } from "./observe.ts";
import type { Plan } from "./plan.ts";
import { reportPass, reportProblem } from "./report.ts";
import type { Resolved } from "./resolve.ts";
import { allSettings } from "./settings/all.ts";
import type { UnsupportedField } from "./settings/setting.ts";
import type { Settled } from "./settle.ts";
import { describeFindings, driftOf } from "./shown.ts";
import type { Target } from "./targets.ts";

const AUTO_MANAGE = "autoManage";

/** How the pass went. */
export interface PassFacts {
  readonly spec: BucketSpec;
  readonly resolved: Extract<Resolved, { kind: "resolved" }>;
  readonly targets: readonly Target[];
  readonly unsupported: readonly UnsupportedField[];
  /** The present spec had been applied before. */
  readonly settled: boolean;
  readonly before: Observed;
  readonly plan: Extract<Plan, { kind: "steps" }>;
  readonly end: Extract<Settled, { kind: "settled" }>;
  readonly children: ChildrenState;
}

/** The end of the pass. */
export function conclude(bucket: Bucket, pass: PassFacts, context: BucketContext): Outcome {
  const nowMs = context.clock.now();
  const refused = learnRefusals(pass, context);
  const left = pass.end.plan.findings.filter(({ setting }) =>
    !refused.some(({ field }) => field === setting.field)
  );
  const pending = left.filter(({ decision }) => decision === "Write");
  const corrected = correctedIn(pass);
  for (const { setting } of corrected) context.observer.drift(setting.metric);

  const memory = remember(memoryOf(bucket.status), { pass, corrected, pending, nowMs });
  const waiting = pending.filter((finding) => !isGivenUp(memory, pairOf(finding)));
  if (waiting.length > 0) return notConverged(waiting, memory);

  const open = left.map((finding): Finding =>
    finding.decision === "Write" ? { ...finding, decision: "GiveUp" } : finding
  );
  const report = reportPass({
    name: pass.spec.name,
    facts: {
      exists: true,
      ownership: pass.plan.ownership,
      region: regionOf(pass.end.observed) ?? pass.resolved.providerSpec.region,
      endpoint: pass.resolved.session.endpoint,
    },
    memory: fieldsOf(bucket, { pass, memory, open, corrected, nowMs }),
    open,
    unsupported: [
      ...pass.unsupported,
      ...pass.end.plan.unsupported,
      ...refused,
    ],
    required: pass.spec.requiredFeatures ?? [],
    children: pass.children,
    warning: pass.resolved.warning,
    settingWarnings: allSettings.flatMap((setting) =>
      setting.warnings?.(pass.spec, pass.resolved.service) ?? []
    ),
    nowMs,
  });
  const recheckMs = driftIntervalMs(bucket, specIntervalMs(pass.spec) ?? context.driftIntervalMs);
  const notices = noticesOf(bucket, { pass, open, corrected, report });
  const good = report.conditions.some(({ type, status }) => type === "Ready" && status === "True");
  return { kind: good ? "done" : "stuck", report, recheckMs, notices };
}

/** Settings that the service answered not to have, in this pass or the reading of it. */
function learnRefusals(pass: PassFacts, context: BucketContext): readonly UnsupportedField[] {
  const { provider, providerSpec } = pass.resolved;
  const read = [...pass.end.observed.settings].flatMap(([field, state]) =>
    state.kind === "unsupported" ? [{ field, code: state.code }] : []
  );
  const written = pass.end.refusals.map(({ setting, code }) => ({ field: setting.field, code }));
  // A write that was refused is read back, which is refused as well.
  const byField = new Map([...read, ...written].map((refusal) => [refusal.field, refusal]));
  return [...byField.values()].map(({ field, code }) => {
    const refusal = { feature: field as Target["setting"]["field"], code };
    context.refusals.learn(provider, refusal);
    return { field, why: describeRefusal(providerSpec.type, refusal) };
  });
}

/** What somebody else had changed and this pass has written again. */
function correctedIn({ settled, plan, end }: PassFacts): readonly Finding[] {
  if (!settled) return [];
  const written = new Set(end.written.map(({ field }) => field));
  return plan.findings.filter(({ setting, decision }) =>
    decision === "Write" && written.has(setting.field)
  );
}

function remember(
  before: Memory,
  facts: {
    readonly pass: PassFacts;
    readonly corrected: readonly Finding[];
    readonly pending: readonly Finding[];
    readonly nowMs: number;
  },
): Memory {
  const { pass, corrected, pending, nowMs } = facts;
  const differing = new Set(pass.end.plan.findings.map(({ setting }) => setting.field as string));
  const fresh = forgetTries(before, (setting) => !differing.has(setting));
  const tried = pending.reduce((memory, finding) => addTry(memory, pairOf(finding)), fresh);
  if (corrected.length === 0) return tried;
  return addCorrections(tried, corrected.map(({ setting }) => setting.field), { nowMs });
}

function pairOf({ setting, desired, observed }: Finding) {
  return { setting: setting.field, desired, observed };
}

/** Fields of the status by which the next pass remembers this one. */
function fieldsOf(
  bucket: Bucket,
  facts: {
    readonly pass: PassFacts;
    readonly memory: Memory;
    readonly open: readonly Finding[];
    readonly corrected: readonly Finding[];
    readonly nowMs: number;
  },
): { readonly [field: string]: Json } {
  const { pass, memory, open, corrected, nowMs } = facts;
  const { status } = bucket;
  const wasOpen = status?.drift?.differences.some(({ action }) => action !== "Corrected") ?? false;
  const shown = open.length > 0 || corrected.length > 0
    ? driftOf([...corrected, ...open], status?.drift, { nowMs })
    : wasOpen
    ? null
    : status?.drift ?? null;
  return {
    drift: shown as unknown as Json,
    corrections: nullIfEmpty(memory.corrections),
    unsettled: nullIfEmpty(memory.unsettled),
    ...managedFields(bucket, pass),
    ...heldData(bucket, pass),
    ...(pass.children.kind === "kept" ? { credentialsSecret: credentialsSecretOf(bucket) } : {}),
    settledGeneration: bucket.metadata.generation ?? 0,
  };
}

function managedFields(bucket: Bucket, pass: PassFacts): { readonly [field: string]: Json } {
  const compared = pass.spec.drift?.mode !== "Ignore" || !pass.settled;
  const before = bucket.status?.managedSettings ?? [];
  const open = new Set(pass.end.plan.findings.map(({ setting }) => setting.field));
  const observed = pass.end.observed.settings;
  const managed = pass.targets
    .filter(({ setting, origin }) =>
      origin === "spec" && observed.get(setting.field)?.kind === "observed" &&
      (!open.has(setting.field) || before.includes(setting.field))
    )
    .map(({ setting }) => setting.field as string);
  const settings = compared ? managed : before.filter((field) => field !== AUTO_MANAGE);
  return { managedSettings: nullIfEmpty([...settings, ...managedChildren(bucket, pass)].sort()) };
}

/** Remembered, so that a bucket of the predecessor asks for consent only once. */
function managedChildren({ status }: Bucket, { children }: PassFacts): readonly string[] {
  if (children.kind !== "kept") return [];
  const before = status?.managedSettings?.includes(AUTO_MANAGE) ?? false;
  return children.equal || before ? [AUTO_MANAGE] : [];
}

/** A bucket that was made in this pass is empty; of others it is told when it was looked at. */
function heldData(bucket: Bucket, pass: PassFacts): { readonly [field: string]: Json } {
  if (pass.before.presence.kind === "absent") return { heldData: false };
  const seen = pass.before.holdsData;
  if (bucket.status?.heldData === true || seen === undefined) return {};
  return { heldData: seen };
}

function notConverged(waiting: readonly Finding[], memory: Memory): Outcome {
  const message = `The service still answers differently after a write: ${
    describeFindings(waiting)
  }`;
  const report = reportProblem({
    reason: "NotConverged",
    message,
    stalled: false,
    found: {
      unsettled: nullIfEmpty(memory.unsettled),
      corrections: nullIfEmpty(memory.corrections),
    },
  });
  return { kind: "retry", report, error: new Error(message) };
}

function noticesOf(
  bucket: Bucket,
  facts: {
    readonly pass: PassFacts;
    readonly open: readonly Finding[];
    readonly corrected: readonly Finding[];
    readonly report: { readonly fields: { readonly [field: string]: Json } };
  },
): readonly Notice[] {
  const { pass, open, corrected, report } = facts;
  const { name } = pass.spec;
  const notices: Notice[] = [];
  const created = pass.plan.steps.some(({ kind }) => kind === "create");
  if (created) notices.push(normal("BucketCreated", `Bucket ${name} created`));
  else if (corrected.length > 0) {
    notices.push(normal("DriftCorrected", `Corrected: ${describeFindings(corrected)}`));
  } else if (pass.end.written.length > 0) {
    notices.push(normal("BucketUpdated", `Bucket ${name} updated`));
  }
  const drift = report.fields["drift"] as unknown as { readonly detectedAt: string } | null;
  if (open.length > 0 && drift?.detectedAt !== bucket.status?.drift?.detectedAt) {
    const note = `Differs: ${describeFindings(open)}`;
    notices.push({ type: "Warning", reason: "DriftDetected", note });
  }
  return notices;
}

function normal(reason: string, note: string): Notice {
  return { type: "Normal", reason, note };
}

function nullIfEmpty(list: readonly unknown[]): Json {
  return list.length === 0 ? null : list as Json;
}

function regionOf({ presence }: Observed): string | undefined {
  return presence.kind === "present" ? presence.region : undefined;
}

function specIntervalMs({ drift }: BucketSpec): number | undefined {
  return drift?.interval === undefined ? undefined : parseDuration(drift.interval);
}
