/**
 * What a kind must offer to be driven by a controller.
 */
import type { CustomResource, Json } from "../api/common.ts";
import type { Logger } from "../ops/log.ts";
import type { Outcome } from "./outcome.ts";

/** What a kind's code gets besides the object. */
export interface Pass {
  /** Fires at the pass's time limit and at shutdown; every call outside must end by it. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /**
   * Writes status fields before the pass goes on: the intention of a call that must not be
   * made twice. It throws when the write fails, so that the call is not made.
   */
  record(fields: { readonly [key: string]: Json }): Promise<void>;
}

/** The meaning of one kind. */
export interface Reconciler<T extends CustomResource> {
  /** Makes the cloud match; called only while our finalizer is stored. */
  reconcile(object: T, pass: Pass): Promise<Outcome>;
  /** Cleans up a deleted object; called until it answers `released`. */
  finalize(object: T, pass: Pass): Promise<Outcome>;
  /** What an error that was thrown means for status and queue. */
  failed(object: T, error: unknown): Outcome;
}
