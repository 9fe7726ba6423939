/**
 * What the kinds of services can do, as far as it is documented; their answers say the rest.
 *
 * Sources: https://docs.wasabi.com/docs/rest-api-introduction, https://docs.aws.amazon.com/AmazonS3/
 * latest/API/, https://docs.ceph.com/en/latest/radosgw/s3/,
 * https://min.io/docs/minio/linux/reference/s3-api-compatibility.html
 */

import { type Feature, features, type ServiceType } from "../api/features.ts";

/** Whether a service can do something. */
export type Support =
  | { readonly kind: "supported" }
  /** Nothing is documented, or reports differ: it is tried, and the answer counts. */
  | { readonly kind: "unknown" }
  /** It is not even tried; `why` completes "spec.<field> (…)". */
  | { readonly kind: "unsupported"; readonly why: string };

const SUPPORTED: Support = { kind: "supported" };
const UNKNOWN: Support = { kind: "unknown" };

const DOCUMENTED: Readonly<Record<ServiceType, Partial<Record<Feature, Support>>>> = {
  wasabi: {
    versioning: SUPPORTED,
    lifecycle: SUPPORTED,
    "lifecycle.abortIncompleteMultipartUpload": SUPPORTED,
    "lifecycle.transitions": {
      kind: "unsupported",
      why: "Wasabi has one storage class, so that no object can move to another",
    },
    objectLock: SUPPORTED,
    logging: SUPPORTED,
    replication: SUPPORTED,
  },
  aws: Object.fromEntries(features.map((feature) => [feature, SUPPORTED])),
  ceph: {
    versioning: SUPPORTED,
    tagging: SUPPORTED,
    lifecycle: SUPPORTED,
    "lifecycle.abortIncompleteMultipartUpload": SUPPORTED,
    "lifecycle.transitions": SUPPORTED,
    cors: SUPPORTED,
    objectLock: SUPPORTED,
    publicAccess: SUPPORTED,
    requestPayer: SUPPORTED,
  },
  minio: {
    versioning: SUPPORTED,
    tagging: SUPPORTED,
    lifecycle: SUPPORTED,
    "lifecycle.abortIncompleteMultipartUpload": {
      kind: "unsupported",
      why: "MinIO removes unfinished uploads by a setting of the whole server",
    },
    "lifecycle.transitions": SUPPORTED,
    objectLock: SUPPORTED,
    replication: SUPPORTED,
    // It answers reads of these as if nothing were set, and takes a write for CreateBucket.
    logging: {
      kind: "unsupported",
      why: "MinIO logs requests by a setting of the whole server",
    },
    requestPayer: { kind: "unsupported", why: "MinIO has nobody to charge" },
  },
  generic: {},
};

/** Words for a refusal that is known, instead of the bare code. */
const REFUSALS: Readonly<Record<ServiceType, Partial<Record<Feature, string>>>> = {
  wasabi: {
    encryption: "Wasabi encrypts every object with AES-256 by itself and takes no other setting",
    publicAccess: "Wasabi has no public access block: whether anything may be public is a right " +
      "of the account, see its console",
    cors: "Wasabi answers every origin by default and refuses a configuration here",
  },
  aws: {},
  ceph: {},
  minio: {
    cors: "MinIO has one CORS setting for the whole server and none for a bucket",
    publicAccess: "MinIO has no public access block: bucket policies alone decide",
  },
  generic: {},
};

/** What is documented about a service. */
export function documentedSupport(type: ServiceType, feature: Feature): Support {
  return DOCUMENTED[type][feature] ?? UNKNOWN;
}

/** Why a feature is not there, in words: the service answered a call for it with `code`. */
export function describeRefusal(
  type: ServiceType,
  refusal: { readonly feature: Feature; readonly code: string },
): string {
  return REFUSALS[type][refusal.feature] ?? `the service answers ${refusal.code}`;
}
