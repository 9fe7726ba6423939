/**
 * The life of a Bucket: resolve, observe, plan, apply, read back, report.
 *
 * Called only with our finalizer stored (control/finalizer.ts).
 * Guarantee: Ready=True is reported only from what was read after the last write.
 */
import { type Bucket, bucketSpecSchema } from "../../api/bucket.ts";
import type { Outcome } from "../../control/outcome.ts";
import type { Pass, Reconciler } from "../../control/reconciler.ts";
import type { S3 } from "../../wasabi/s3.ts";
import { parseSpec } from "../spec.ts";
import { childInput, keepChildren } from "./auto_manage/keep.ts";
import type { BucketContext } from "./context.ts";
import { finalizeBucket } from "./delete.ts";
import { conclude } from "./conclude.ts";
import { blocked, failed, refused } from "./failed.ts";
import { memoryOf } from "./memory.ts";
import { observe, type Observed, type ObserveOptions } from "./observe.ts";
import { planBucket } from "./plan.ts";
import type { Ownership } from "./plan_input.ts";
import { resolve } from "./resolve.ts";
import { settle } from "./settle.ts";
import { allSettings } from "./settings/all.ts";
import { isTakenOver } from "./taken_over.ts";
import { chooseTargets } from "./targets.ts";

/** Makes the reconciler of Buckets. */
export function bucketReconciler(context: BucketContext): Reconciler<Bucket> {
  return {
    reconcile: (bucket, pass) => reconcile(bucket, pass, context),
    finalize: (bucket, pass) => finalizeBucket(bucket, pass, context),
    failed: (bucket, error) => failed(bucket, error, context),
  };
}

async function reconcile(bucket: Bucket, pass: Pass, context: BucketContext): Promise<Outcome> {
  const spec = parseSpec(bucketSpecSchema, bucket);
  const resolved = await resolve(bucket, context, { spec, needsReady: true });
  if (resolved.kind === "blocked") return blocked(bucket, resolved);
  const { session, service } = resolved;
  session.admit();

  const s3: S3 = { session, signal: pass.signal };
  const settled = bucket.status?.settledGeneration === bucket.metadata.generation;
  const settings = spec.drift?.mode === "Ignore" && settled ? [] : allSettings;
  const { targets, unsupported } = chooseTargets({
    spec,
    status: bucket.status,
    settings,
    service,
  });
  const reading: ObserveOptions = { bucket: spec.name, targets, lookForData: false };
  const planFor = (observed: Observed, ownership?: Ownership) =>
    planBucket({
      spec,
      observed,
      targets,
      service,
      status: { ...bucket.status, ...(ownership === undefined ? {} : { ownership }) },
      takenOver: isTakenOver(bucket),
      providerRegion: resolved.providerSpec.region,
      memory: memoryOf(bucket.status),
      settled,
      nowMs: context.clock.now(),
    });

  const lookForData = bucket.status?.heldData !== true;
  const before = await observe(s3, { ...reading, lookForData });
  const plan = planFor(before);
  if (plan.kind === "refused") return refused(bucket, plan, context);

  const claim = () =>
    pass.record({ bucketName: spec.name, ownership: "Creating", endpoint: session.endpoint });
  const end = await settle({ observed: before, plan }, {
    target: { s3, bucket: spec.name, claim },
    context,
    observe: () => observe(s3, reading),
    planFor,
  });
  if (end.kind === "refused") return refused(bucket, end, context);
  const children = await keepChildren(bucket, childInput(bucket, { spec, resolved }, context));
  return conclude(
    bucket,
    { spec, resolved, targets, unsupported, settled, before, plan, end, children },
    context,
  );
}
