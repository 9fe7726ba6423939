import { type Bucket, type BucketSpec, bucketSpecSchema } from "../../../src/api/bucket.ts";
import { API_VERSION } from "../../../src/api/common.ts";
import type { Feature } from "../../../src/api/features.ts";
import type { Provider } from "../../../src/api/provider.ts";
import type { ServiceProfile } from "../../../src/resources/bucket/settings/setting.ts";
import { documentedSupport } from "../../../src/wasabi/capabilities.ts";
import { aProvider, type TestObject } from "../../support/builders.ts";

/** A spec as the schema gives it, defaults included. */
export function bucketSpec(fields: TestObject = {}): BucketSpec {
  return bucketSpecSchema.parse({ name: "bucket-one", providerRef: { name: "main" }, ...fields });
}

/** A Bucket as it is stored. */
export function storedBucket(
  parts: {
    readonly metadata?: TestObject;
    readonly spec?: TestObject;
    readonly status?: TestObject;
  },
): Bucket {
  return {
    apiVersion: API_VERSION,
    kind: "Bucket",
    metadata: {
      namespace: "home",
      name: "one",
      uid: "uid-one",
      resourceVersion: "1",
      generation: 1,
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...parts.metadata,
    },
    spec: bucketSpec(parts.spec),
    ...(parts.status === undefined ? {} : { status: parts.status }),
  } as Bucket;
}

/** What is known about a service. */
export function aService(
  type: ServiceProfile["type"] = "generic",
  lacking: Readonly<Partial<Record<Feature, string>>> = {},
): ServiceProfile {
  return {
    type,
    supports: (feature) => {
      const why = lacking[feature];
      return why === undefined ? documentedSupport(type, feature) : { kind: "unsupported", why };
    },
  };
}

/** A Provider as it is stored. */
export function storedProvider(
  parts: {
    readonly metadata?: TestObject;
    readonly spec?: TestObject;
    readonly status?: TestObject;
  },
): Provider {
  const provider = aProvider("main", parts.spec);
  return {
    ...provider,
    metadata: {
      namespace: "home",
      name: "main",
      uid: "uid-main",
      resourceVersion: "1",
      generation: 1,
      ...parts.metadata,
    },
    ...(parts.status === undefined ? {} : { status: parts.status }),
  };
}
