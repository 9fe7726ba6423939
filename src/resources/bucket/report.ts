/**
 * The status of a Bucket.
 */
import type { Feature } from "../../api/features.ts";
import type { Json } from "../../api/common.ts";
import type { StatusReport, WantedCondition } from "../../control/outcome.ts";
import type { ChildrenState } from "./auto_manage/keep.ts";
import type { Finding } from "./findings.ts";
import type { Ownership } from "./plan_input.ts";
import type { BucketReason } from "./reasons.ts";
import type { UnsupportedField } from "./settings/setting.ts";
import { describeFindings } from "./shown.ts";

/** Why the object is not ready. */
export interface Problem {
  readonly reason: BucketReason;
  readonly message: string;
  /** Which of the predecessor's conditions it sets, if any. */
  readonly raises?: "ProviderNotReady" | "CreationFailed";
  /** A person must act. */
  readonly stalled: boolean;
  /** Fields that the pass found out all the same; null removes one. */
  readonly found?: { readonly [field: string]: Json };
}

/** What a pass found out about the bucket. */
export interface Facts {
  readonly exists: boolean;
  readonly ownership: Ownership | null;
  readonly region: string;
  readonly endpoint: string;
}

/** The result of a pass that could read the bucket. */
export interface PassResult {
  readonly name: string;
  readonly facts: Facts;
  /** What the operator must remember; null removes a field. */
  readonly memory: { readonly [field: string]: Json };
  /** Differences that stay. */
  readonly open: readonly Finding[];
  readonly unsupported: readonly UnsupportedField[];
  readonly required: readonly Feature[];
  /** The objects of autoManage. */
  readonly children: ChildrenState;
  /** About the reference to the Provider. */
  readonly warning: string | undefined;
  /** About the settings. */
  readonly settingWarnings: readonly string[];
  readonly nowMs: number;
}

interface Verdict {
  readonly reason: BucketReason;
  readonly message: string;
}

/**
 * Reports what a pass found. `Ready` and `Synced` are True when everything is as the spec says;
 * a field that the service lacks, or that waits for consent, is no reason not to be Ready.
 */
export function reportPass(result: PassResult): StatusReport {
  const unsupported = describeUnsupported(result.unsupported);
  const blocking = blockingVerdict(result);
  const lacking: Verdict | undefined = unsupported === undefined
    ? undefined
    : { reason: "FeatureUnsupported", message: unsupported };
  const credentials = credentialsVerdict(result);
  const synced = blocking ?? heldBack(result.open) ?? lacking ??
    (credentials?.reason === "CredentialsReady" ? undefined : credentials);
  const ready: Verdict = { reason: "Ready", message: `Bucket ${result.name} is ready` };
  return {
    fields: {
      bucketName: result.name,
      arn: `arn:aws:s3:::${result.name}`,
      ...result.facts,
      ...result.memory,
      lastSyncTime: new Date(result.nowMs).toISOString(),
    },
    conditions: [
      verdictCondition("Ready", blocking, ready),
      verdictCondition("Synced", synced, ready),
      absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      absent("CreationFailed", "BucketExists", "The bucket exists"),
      lacking === undefined
        ? absent("FeatureUnsupported", "AllSettingsManaged", "Every setting is applied")
        : present("FeatureUnsupported", lacking),
      ...(blocking === undefined ? [] : [present("Stalled", blocking)]),
      ...(credentials === undefined ? [] : [
        {
          type: "CredentialsReady",
          status: credentials.reason === "CredentialsReady" ? "True" : "False",
          ...credentials,
        } as const,
      ]),
      ...driftConditions(result.open),
      ...warningConditions(result),
    ],
  };
}

/** Reports what stands between a Bucket and its readiness; the fields known so far stay. */
export function reportProblem(problem: Problem): StatusReport {
  const { reason, message } = problem;
  const status = reason === "Pending" ? "Unknown" : "False";
  return {
    fields: problem.found ?? {},
    conditions: [
      { type: "Ready", status, reason, message },
      { type: "Synced", status, reason, message },
      problem.raises === "ProviderNotReady"
        ? { type: "ProviderNotReady", status: "True", reason, message }
        : absent("ProviderNotReady", "ProviderReady", "The Provider can be used"),
      problem.raises === "CreationFailed"
        ? { type: "CreationFailed", status: "True", reason, message }
        : absent("CreationFailed", "BucketExists", "No creation has failed"),
      ...(problem.stalled ? [{ type: "Stalled", status: "True", reason, message } as const] : []),
    ],
  };
}

/** Why the object is not Ready, the worst first. */
function blockingVerdict({ open, unsupported, required }: PassResult): Verdict | undefined {
  const needed = unsupported.filter(({ field }) => required.some((name) => isPart(field, name)));
  if (needed.length > 0) {
    const message = `spec.requiredFeatures needs what the service cannot do: ${listOf(needed)}`;
    return { reason: "FeatureUnsupported", message };
  }
  const givenUp = open.filter(({ decision }) => decision === "GiveUp");
  if (givenUp.length > 0) {
    const message = `The service keeps other values than the ones written: ${
      describeFindings(givenUp)
    }; change the spec to what it keeps, or list the path in spec.drift.ignore`;
    return { reason: "ServerNormalisesDifferently", message };
  }
  const contested = open.filter(({ decision }) => decision === "Contest");
  if (contested.length > 0) {
    const message =
      `Somebody else keeps changing the bucket, so that it is corrected at most three times an hour: ${
        describeFindings(contested)
      }; stop the other writer, or list the path in spec.drift.ignore`;
    return { reason: "DriftContested", message };
  }
  const detected = open.filter(({ decision }) => decision === "Detect");
  if (detected.length === 0) return undefined;
  const message = `The bucket is not as the spec says, and drift.mode: Detect writes nothing: ${
    describeFindings(detected)
  }`;
  return { reason: "Drifted", message };
}

function heldBack(open: readonly Finding[]): Verdict | undefined {
  const held = open.filter(({ decision }) => decision === "HoldBack");
  if (held.length === 0) return undefined;
  const message =
    `Not applied, because the predecessor never did and it could delete or expose data: ${
      describeFindings(held)
    }; set spec.adoptionPolicy: Adopt to apply it`;
  return { reason: "HeldBack", message };
}

/** Undefined when the bucket has no children and needs none. */
function credentialsVerdict({ children, name }: PassResult): Verdict | undefined {
  if (children.kind === "off") return undefined;
  if (children.kind === "impossible") return { reason: "NoIamEndpoint", message: children.message };
  const { heldBack, problems } = children;
  if (heldBack.length > 0) {
    const message = `Not applied to what exists: ${heldBack.join(", ")}; set ` +
      "spec.adoptionPolicy: Adopt to apply it, with a drift.mode other than Detect";
    return { reason: "HeldBack", message };
  }
  if (problems.length > 0) {
    return { reason: "ChildrenNotReady", message: `Waiting: ${problems.join("; ")}` };
  }
  return { reason: "CredentialsReady", message: `The credentials for bucket ${name} are ready` };
}

function driftConditions(open: readonly Finding[]): readonly WantedCondition[] {
  const contested = open.filter(({ decision }) => decision === "Contest");
  const message = `Differs: ${describeFindings(open)}`;
  return [
    ...(open.length === 0 ? [] : [present("Drifted", { reason: "Drifted", message })]),
    ...(contested.length === 0
      ? []
      : [present("DriftContested", { reason: "DriftContested", message })]),
  ];
}

function warningConditions(result: PassResult): readonly WantedCondition[] {
  const { warning, settingWarnings } = result;
  return [
    ...(warning === undefined ? [] : [
      present("ReferenceWarning", { reason: "ReferenceAllowedByPredecessor", message: warning }),
    ]),
    ...(settingWarnings.length === 0 ? [] : [
      present("SettingWarning", { reason: "SettingWarning", message: settingWarnings.join("; ") }),
    ]),
  ];
}

function verdictCondition(
  type: string,
  problem: Verdict | undefined,
  good: Verdict,
): WantedCondition {
  return problem === undefined
    ? { type, status: "True", ...good }
    : { type, status: "False", ...problem };
}

function present(type: string, verdict: Verdict): WantedCondition {
  return { type, status: "True", ...verdict };
}

function absent(type: string, reason: BucketReason, message: string): WantedCondition {
  return { type, status: "False", reason, message };
}

/** `lifecycle.rules["a"].transitions` is about the feature lifecycle.transitions, not lifecycle. */
function isPart(field: string, feature: Feature): boolean {
  const [setting = "", part] = feature.split(".");
  const [top = ""] = field.split(/[.[]/);
  return top === setting && (part === undefined ? field === setting : field.includes(`.${part}`));
}

function describeUnsupported(fields: readonly UnsupportedField[]): string | undefined {
  return fields.length === 0 ? undefined : `Not applied: ${listOf(fields)}`;
}

function listOf(fields: readonly UnsupportedField[]): string {
  return fields.map(({ field, why }) => `spec.${field} (${why})`).join(", ");
}
