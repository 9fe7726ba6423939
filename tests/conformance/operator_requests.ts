/**
 * Every kind of request that the operator sends.
 *
 * The list is held from both sides: each scenario on the embedded servers fails when the operator
 * sends something else, and the conformance suite fails when no case sends what is listed.
 */

/** Kinds of requests, by the API that they are sent to. */
export const operatorRequests: {
  readonly kubernetes: readonly string[];
  /** Names of operations. */
  readonly s3: readonly string[];
  readonly iam: readonly string[];
} = {
  kubernetes: [
    "GET all custom objects ?allowWatchBookmarks&resourceVersionMatch&sendInitialEvents&timeoutSeconds&watch",
    "GET all custom objects ?allowWatchBookmarks&resourceVersion&timeoutSeconds&watch",
    "GET all custom objects ?limit",
    "GET all custom objects ?continue&limit",
    "GET custom objects of a namespace ?allowWatchBookmarks&resourceVersionMatch&sendInitialEvents&timeoutSeconds&watch",
    "GET custom objects of a namespace ?allowWatchBookmarks&resourceVersion&timeoutSeconds&watch",
    "GET custom objects of a namespace ?limit",
    "GET custom objects of a namespace ?continue&limit",
    "GET all namespaces metadata ?allowWatchBookmarks&resourceVersionMatch&sendInitialEvents&timeoutSeconds&watch",
    "GET all namespaces metadata ?allowWatchBookmarks&resourceVersion&timeoutSeconds&watch",
    "GET all namespaces metadata ?limit",
    "GET all namespaces metadata ?continue&limit",
    "GET all secrets metadata ?allowWatchBookmarks&resourceVersionMatch&sendInitialEvents&timeoutSeconds&watch",
    "GET all secrets metadata ?allowWatchBookmarks&resourceVersion&timeoutSeconds&watch",
    "GET all secrets metadata ?limit",
    "GET all secrets metadata ?continue&limit",
    "GET secrets of a namespace metadata ?allowWatchBookmarks&resourceVersionMatch&sendInitialEvents&timeoutSeconds&watch",
    "GET secrets of a namespace metadata ?allowWatchBookmarks&resourceVersion&timeoutSeconds&watch",
    "GET secrets of a namespace metadata ?limit",
    "GET secrets of a namespace metadata ?continue&limit",
    "GET /version",
    "GET one of custom objects",
    "GET one of secrets",
    "PATCH one of custom objects json-patch+json ?fieldManager",
    "PATCH one of custom objects apply-patch+yaml ?fieldManager&force",
    "PATCH one of custom objects/status apply-patch+yaml ?fieldManager&force",
    "PATCH one of customresourcedefinitions.apiextensions.k8s.io apply-patch+yaml ?fieldManager&force",
    "PATCH one of secrets apply-patch+yaml ?fieldManager&force",
    "POST events.events.k8s.io of a namespace json ?fieldManager",
    "PATCH one of events.events.k8s.io merge-patch+json ?fieldManager",
  ],
  s3: [
    "ListBuckets",
    "HeadBucket",
    "GetBucketLocation",
    "CreateBucket",
    "DeleteBucket",
    "GetBucketVersioning",
    "PutBucketVersioning",
    "GetBucketTagging",
    "PutBucketTagging",
    "DeleteBucketTagging",
    "GetBucketPolicy",
    "PutBucketPolicy",
    "DeleteBucketPolicy",
    "ListObjectsV2",
    "ListObjectVersions",
    "DeleteObjects",
    "ListMultipartUploads",
    "AbortMultipartUpload",
    "HeadObject",
    "PutObject",
    "DeleteObject",
    "CreateMultipartUpload",
  ],
  iam: [
    "AttachUserPolicy",
    "CreateAccessKey",
    "CreateUser",
    "DeleteAccessKey",
    "DeleteUser",
    "DeleteUserPolicy",
    "DetachUserPolicy",
    "GetAccessKeyLastUsed",
    "GetLoginProfile",
    "GetUser",
    "GetUserPolicy",
    "ListAccessKeys",
    "ListAttachedUserPolicies",
    "ListGroupsForUser",
    "ListUserPolicies",
    "ListUserTags",
    "PutUserPolicy",
    "UpdateAccessKey",
  ],
};
