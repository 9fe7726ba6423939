/**
 * By what the watched objects can be found, besides their keys.
 */
import type { CustomResource } from "../api/common.ts";
import { type ObjectKey, objectKey } from "../api/key.ts";
import type { KindName, KindObjects } from "../api/registry.ts";
import { secretNameOf } from "../resources/access_key/names.ts";
import { bucketKeyOf, cleanupProviderOf } from "../resources/bucket_policy/resolve.ts";
import { referenceKey } from "../resources/granted_reference.ts";
import { secretKeysOf } from "../resources/provider_sessions.ts";
import { providerKeyOf } from "../resources/reference.ts";
import type { InformerOptions } from "../watch/informer.ts";

/** Key of the object that a reference names, if it names one. */
function targetOf(
  object: CustomResource,
  reference: { readonly name?: string; readonly namespace?: string } | undefined,
): readonly ObjectKey[] {
  const name = reference?.name;
  return name === undefined ? [] : [referenceKey(object, { ...reference, name })];
}

/** Key of the Provider without which an object cannot work, or not clean up. */
export function neededProviderOf(object: CustomResource): ObjectKey | undefined {
  return object.kind === "BucketPolicy"
    ? cleanupProviderOf(object as KindObjects["BucketPolicy"])
    : providerKeyOf(object);
}

function providersOf(object: CustomResource): readonly string[] {
  const key = neededProviderOf(object);
  return key === undefined ? [] : [key];
}

const byProvider = { byProvider: providersOf };

type Indexes = {
  readonly [Name in KindName]: NonNullable<InformerOptions<KindObjects[Name]>["indexes"]>;
};

/** The indexes of each kind. */
export const indexes: Indexes = {
  Provider: { bySecret: secretKeysOf },
  Bucket: { ...byProvider, byName: ({ spec }) => spec === undefined ? [] : [spec.name] },
  BucketPolicy: {
    ...byProvider,
    byBucket: (policy) => [bucketKeyOf(policy) ?? []].flat(),
    byBucketName: ({ status }) => [status?.bucketName ?? []].flat(),
  },
  User: {
    ...byProvider,
    byUserName: ({ spec }) => spec === undefined ? [] : [spec.name],
    byPolicy: (user) => targetOf(user, user.spec?.policyRef),
  },
  AccessKey: {
    ...byProvider,
    byUser: (key) => targetOf(key, key.spec?.userRef),
    bySecretName: (key) => [objectKey(key.metadata.namespace, secretNameOf(key))],
  },
  IAMPolicy: byProvider,
};
