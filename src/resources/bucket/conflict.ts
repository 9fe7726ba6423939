/**
 * Two Bucket objects for one bucket: one of them has it, the other must say so.
 */
import type { Bucket } from "../../api/bucket.ts";
import { serviceOf } from "../../wasabi/endpoint.ts";
import { providerEndpoint } from "../provider_sessions.ts";
import { providerKeyOf, type ReferenceLookup } from "../reference.ts";

/** Where an object would put its bucket. */
interface Claim {
  readonly bucket: Bucket;
  readonly service: string | undefined;
}

/**
 * The object that has the bucket which `bucket` asks for, if that is another one.
 *
 * An object that created or adopted the bucket goes first, then the older one. An object that
 * is being deleted keeps its claim until it is gone.
 */
export function findConflict(
  bucket: Bucket,
  { rivals, lookup }: { readonly rivals: readonly Bucket[]; readonly lookup: ReferenceLookup },
): Bucket | undefined {
  const own: Claim = { bucket, service: serviceOfBucket(bucket, lookup) };
  return rivals
    .filter((rival) => rival.metadata.uid !== bucket.metadata.uid)
    .map((rival): Claim => ({ bucket: rival, service: serviceOfBucket(rival, lookup) }))
    .filter((rival) => own.service !== undefined && rival.service === own.service)
    .find((rival) => goesBefore(rival.bucket, bucket))?.bucket;
}

function goesBefore(left: Bucket, right: Bucket): boolean {
  const leftOwns = left.status?.ownership !== undefined;
  const rightOwns = right.status?.ownership !== undefined;
  if (leftOwns !== rightOwns) return leftOwns;
  return rankOf(left) < rankOf(right);
}

/** Sorts by age; the uid decides between objects of the same second. */
function rankOf(bucket: Bucket): string {
  return `${bucket.metadata.creationTimestamp} ${bucket.metadata.uid}`;
}

/** From the status when the bucket was reached once, otherwise from the Provider. */
function serviceOfBucket(bucket: Bucket, lookup: ReferenceLookup): string | undefined {
  const key = providerKeyOf(bucket);
  const spec = key === undefined ? undefined : lookup.provider(key)?.spec;
  const endpoint = bucket.status?.endpoint ?? (spec && providerEndpoint(spec));
  try {
    return endpoint === undefined ? undefined : serviceOf(endpoint);
  } catch {
    return undefined; // An endpoint that is no URL serves no bucket.
  }
}
