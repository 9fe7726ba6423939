/**
 * The end of a Provider: it is not released while other objects need it to clean up.
 */
import type { KubeObject } from "../../api/common.ts";
import { keyOf, type ObjectKey } from "../../api/key.ts";
import type { Provider } from "../../api/provider.ts";
import type { Outcome } from "../../control/outcome.ts";
import { reportDeleting } from "./report.ts";

/** What is known about the objects that refer to a Provider. */
export interface Dependents {
  /** Kinds whose objects cannot all be seen now, so that nobody knows. */
  readonly unseenKinds: readonly string[];
  readonly objects: readonly KubeObject[];
}

/** Looks up who refers to a Provider. */
export type FindDependents = (provider: ObjectKey) => Dependents;

const NAMED = 5;
/** Only the safety net: the deletion of a dependent wakes the Provider. */
const RECHECK_MS = 60_000;

/** Releases a Provider that nobody refers to; names up to five users otherwise. */
export function finalizeProvider(provider: Provider, findDependents: FindDependents): Outcome {
  const { unseenKinds, objects } = findDependents(keyOf(provider));
  if (unseenKinds.length > 0) {
    const message = `Waiting to see all objects of kind ${unseenKinds.join(", ")}`;
    return waitFor(provider, message);
  }
  if (objects.length === 0) return { kind: "released" };
  const names = objects.slice(0, NAMED)
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
  const more = objects.length > NAMED ? ` and ${objects.length - NAMED} more` : "";
  return waitFor(
    provider,
    `Used by ${names.join(", ")}${more}: delete them, or let them refer to another Provider`,
  );
}

function waitFor(provider: Provider, message: string): Outcome {
  return {
    kind: "wait",
    report: reportDeleting(provider, message),
    ms: RECHECK_MS,
    on: "dependents",
  };
}
