/**
 * The one writer of status.
 */
import type { Condition, CustomResource, Json } from "../api/common.ts";
import type { KubeClient } from "../kube/client.ts";
import { isConflict, isNotFound } from "../kube/error.ts";
import type { Resource } from "../kube/resource.ts";
import { findCondition, mergeConditions, sameCondition } from "./conditions.ts";
import { sameJson } from "./json.ts";
import type { StatusReport } from "./outcome.ts";

/** The part of every kind's status that this module knows. */
export interface CommonStatus {
  readonly observedGeneration?: number;
  readonly conditions?: readonly Condition[];
  readonly [field: string]: unknown;
}

/** Conditions that go when a pass does not name them: most exist only while they are True. */
const PASSING = [
  "CredentialsReady",
  "Reconciling",
  "Stalled",
  "Paused",
  "ReferenceWarning",
  "SettingWarning",
  "Drifted",
  "DriftContested",
];
/** Fields that record a time: written along with a change, never a reason to write. */
const VOLATILE = new Set(["lastSyncTime", "lastConnectTime"]);

/** A status as it is to be written. */
export interface WantedStatus {
  readonly fields: { readonly [key: string]: Json };
  readonly conditions: readonly Condition[];
}

/**
 * Computes the status to write for a report; times of unchanged conditions are kept.
 *
 * An apply gives up every field that it leaves out, so stored ones are repeated. They are taken
 * from the newest known object: what was recorded during the pass must survive its report.
 *
 * @param moment.generation of the object that the pass read; the newest may be ahead of it
 */
export function wantedStatus(
  object: CustomResource,
  report: StatusReport,
  moment: {
    readonly nowMs: number;
    readonly generation: number;
    /** What a person asked for and the pass has handled. */
    readonly request?: string | undefined;
  },
): WantedStatus {
  const { generation, request } = moment;
  return {
    fields: {
      ...storedFields(object),
      ...report.fields,
      observedGeneration: generation,
      ...(request === undefined ? {} : { lastHandledReconcileAt: request }),
    },
    conditions: mergeConditions(conditionsOf(object), report.conditions, moment),
  };
}

/** Every field of an object's status but its conditions. */
export function storedFields(object: CustomResource): { readonly [key: string]: Json } {
  const { conditions: _conditions, ...fields } = (object.status ?? {}) as CommonStatus;
  return fields as { readonly [key: string]: Json };
}

/** What an object says, as if it were to be written. */
export function storedStatus(object: CustomResource): WantedStatus {
  return { fields: storedFields(object), conditions: conditionsOf(object) };
}

/** True when an object already says everything that `wanted` says; times do not count. */
export function statusHolds(object: CustomResource, wanted: WantedStatus): boolean {
  const stored = (object.status ?? {}) as CommonStatus;
  return fieldsHold(stored, wanted.fields) &&
    conditionsHold(stored.conditions ?? [], wanted.conditions);
}

/** True when two statuses say the same; times do not count. */
export function sameStatus(left: WantedStatus, right: WantedStatus): boolean {
  return fieldsHold(left.fields, right.fields) && conditionsHold(left.conditions, right.conditions);
}

/** Conditions that an object has. */
export function conditionsOf(object: CustomResource): readonly Condition[] {
  return (object.status as CommonStatus | undefined)?.conditions ?? [];
}

/**
 * Writes a status by server-side apply.
 *
 * The uid in the request keeps a status from landing on a new object of the same name.
 *
 * @returns the object as it is now, or undefined when it is gone or another of its name exists
 * @throws KubeError of the write
 */
export async function applyStatus<T extends CustomResource>(
  object: T,
  wanted: WantedStatus,
  context: { readonly client: KubeClient; readonly resource: Resource },
): Promise<T | undefined> {
  try {
    return await context.client.apply<T>(context.resource, object.metadata, {
      subresource: "status",
      metadata: { uid: object.metadata.uid },
      fields: {
        status: {
          ...withoutNulls(wanted.fields),
          conditions: wanted.conditions as unknown as Json,
        },
      },
    });
  } catch (error) {
    if (isNotFound(error) || isConflict(error)) return undefined;
    throw error;
  }
}

function fieldsHold(stored: CommonStatus, wanted: { readonly [key: string]: Json }): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    VOLATILE.has(name) || sameJson(stored[name] ?? null, value)
  );
}

function conditionsHold(stored: readonly Condition[], wanted: readonly Condition[]): boolean {
  const leftOver = PASSING.some((type) =>
    findCondition(stored, type) !== undefined && findCondition(wanted, type) === undefined
  );
  return !leftOver &&
    wanted.every((condition) => sameCondition(findCondition(stored, condition.type), condition));
}

/** An apply that leaves a field out gives it up; there is no null in a status. */
function withoutNulls(
  fields: { readonly [key: string]: Json },
): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
