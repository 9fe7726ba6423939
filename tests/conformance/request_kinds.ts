/**
 * Kinds of requests: what two requests have in common when one case speaks for both.
 */
import { assertEquals } from "@std/assert";
import { FIELD_MANAGER, GROUP } from "../../src/api/common.ts";
import { parseResourcePath } from "../../src/sandbox/kubernetes/request_path.ts";
import type { SandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";
import { operatorRequests } from "./operator_requests.ts";

type KubernetesRequest = ReturnType<SandboxKubernetes["requests"]["all"]>[number];

/** Groups whose kinds come from definitions: one of them speaks for all. */
const DEFINED = [GROUP, "conformance.example.dev"];

/**
 * Kind of a request to the Kubernetes API, such as
 * `PATCH custom objects/status apply-patch+yaml ?fieldManager&force`.
 */
export function kubernetesKindOf(request: KubernetesRequest): string {
  const query = new URLSearchParams(request.query);
  const names = [...query.keys()].sort().join("&");
  const hasBody = ["POST", "PUT", "PATCH"].includes(request.method);
  const parts = [
    request.method,
    subjectOf(request.path),
    hasBody ? request.contentType?.replace("application/", "") : undefined,
    request.accept?.includes("as=PartialObjectMetadata") ? "metadata" : undefined,
    names === "" ? undefined : `?${names}`,
  ];
  return parts.filter((part) => part !== undefined).join(" ");
}

function subjectOf(path: string): string {
  const resource = parseResourcePath(path);
  if (resource === undefined) return path;
  const { group, plural, namespace, name, subresource } = resource;
  const kind = DEFINED.includes(group) ? "custom objects" : plural + (group && `.${group}`);
  if (name !== "") return subresource === "" ? `one of ${kind}` : `one of ${kind}/${subresource}`;
  return namespace === "" ? `all ${kind}` : `${kind} of a namespace`;
}

/** Kinds of the operator's own requests in a log. */
export function operatorKinds(requests: Iterable<KubernetesRequest>): readonly string[] {
  const own = [...requests].filter(({ userAgent }) => userAgent?.startsWith(FIELD_MANAGER));
  return [...new Set(own.map(kubernetesKindOf))];
}

/** Fails when the operator sent a kind of request that is not listed, so that no case proves it. */
export function assertListed(
  api: keyof typeof operatorRequests,
  kinds: Iterable<string>,
): void {
  const missing = [...new Set(kinds)].filter((kind) => !operatorRequests[api].includes(kind));
  assertEquals(
    missing,
    [],
    "Sent by the operator, and not in tests/conformance/operator_requests.ts: " +
      "add them there, and the cases that prove them",
  );
}
