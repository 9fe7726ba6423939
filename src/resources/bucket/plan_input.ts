/**
 * What a plan for a bucket is made from.
 */
import type { BucketSpec, BucketStatus } from "../../api/bucket.ts";
import type { Memory } from "./memory.ts";
import type { Observed } from "./observe.ts";
import type { ServiceProfile } from "./settings/setting.ts";
import type { Target } from "./targets.ts";

/** How the object came to its bucket. */
export type Ownership = NonNullable<BucketStatus["ownership"]>;

/** What a plan is made from. */
export interface PlanInput {
  readonly spec: BucketSpec;
  readonly observed: Observed;
  readonly targets: readonly Target[];
  readonly service: ServiceProfile;
  /** What the status says about the object's right to the bucket, and about the bucket. */
  readonly status: Pick<BucketStatus, "ownership" | "heldData" | "managedSettings">;
  /** The predecessor handled this object and said that the bucket exists. */
  readonly takenOver: boolean;
  readonly providerRegion: string;
  readonly memory: Memory;
  /** The present spec was once applied, so what differs now was changed by somebody else. */
  readonly settled: boolean;
  readonly nowMs: number;
}
