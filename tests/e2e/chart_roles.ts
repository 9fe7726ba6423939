/**
 * The chart's own rights on a real API server, and an operator that has no other.
 */
import { assertEquals } from "@std/assert";
import { parseAllDocuments } from "yaml";
import { sameJson } from "../../src/control/json.ts";
import type { ServerAccess } from "../../src/kube/access.ts";
import type { Fetch } from "../../src/kube/connection.ts";
import { parseResourcePath } from "../../src/sandbox/kubernetes/request_path.ts";
import { grantedRights, type Rule } from "../conformance/chart_rights.ts";
import type { OperateOptions, Stage } from "../scenario/stage.ts";
import type { TestObject } from "../support/builders.ts";
import { variable } from "../support/environment.ts";
import { eventually } from "../support/eventually.ts";
import { type KubernetesEndpoint, mustCall } from "../support/kubernetes_endpoint.ts";

const CHART = new URL("../../chart", import.meta.url).pathname;
const RBAC = "/apis/rbac.authorization.k8s.io/v1";
const PLURALS: Readonly<Record<string, string>> = {
  Role: "roles",
  RoleBinding: "rolebindings",
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
};

/** Name of the release, and with it of everything that is rendered. */
const RELEASE = "wasabi-s3-operator";

/** Renders what the chart grants, and the ServiceAccount that it is granted to. */
export async function renderRoles(
  namespace: string,
  values: readonly string[],
): Promise<readonly TestObject[]> {
  // A name of its own, as roles of the cluster are shared by all tests.
  const sets = [`fullnameOverride=${nameIn(namespace)}`, ...values].flatMap((v) => ["--set", v]);
  const { code, stdout, stderr } = await new Deno.Command("helm", {
    args: [
      "template",
      RELEASE,
      CHART,
      "--namespace",
      namespace,
      "--kube-version",
      "1.37.0",
      ...sets,
    ],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return parseAllDocuments(new TextDecoder().decode(stdout))
    .map((document) => document.toJSON())
    .filter((object) => object !== null && (object.kind in PLURALS || isAccount(object)));
}

/** Applies them, with every namespace that they are in. */
export async function applyRoles(
  kubernetes: KubernetesEndpoint,
  objects: readonly TestObject[],
): Promise<void> {
  for (const { kind, metadata, ...content } of objects) {
    const at = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
    const path = isAccount({ kind })
      ? `/api/v1${at}/serviceaccounts/${metadata.name}`
      : `${RBAC}${at}/${PLURALS[kind]}/${metadata.name}`;
    await mustCall(kubernetes, {
      method: "PATCH",
      path: `${path}?fieldManager=helm&force=true`,
      contentType: "application/apply-patch+yaml",
      body: { kind, metadata, ...content },
    });
  }
}

/** Removes roles of the cluster; everything else goes with its namespace. */
export async function removeClusterRoles(
  kubernetes: KubernetesEndpoint,
  objects: readonly TestObject[],
): Promise<void> {
  for (const { kind, metadata } of objects) {
    if (metadata.namespace !== undefined) continue;
    await mustCall(kubernetes, {
      method: "DELETE",
      path: `${RBAC}/${PLURALS[kind]}/${metadata.name}`,
    });
  }
}

/** How the operator finds the API server as the chart's ServiceAccount, by a token of an hour. */
export async function accountAccess(
  kubernetes: KubernetesEndpoint,
  namespace: string,
): Promise<ServerAccess> {
  const { status } = await mustCall(kubernetes, {
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${nameIn(namespace)}/token`,
    body: {
      apiVersion: "authentication.k8s.io/v1",
      kind: "TokenRequest",
      spec: { expirationSeconds: 3_600 },
    },
  });
  const authority = await Deno.readTextFile(variable("KUBERNETES_CA"));
  return {
    baseUrl: kubernetes.baseUrl,
    namespace,
    clientOptions: () => ({ caCerts: [authority] }),
    authorization: () => Promise.resolve(`Bearer ${status.token}`),
    forget: () => {},
  };
}

/** The same stage, whose operators act as a ServiceAccount. */
export function stageAs(
  stage: Stage,
  account: {
    readonly access: ServerAccess;
    readonly options: OperateOptions;
  },
): Stage {
  const { access, options } = account;
  const operate: Stage["operate"] = (own = {}) => stage.operate({ ...options, ...own, access });
  return Object.create(stage, { operate: { value: operate, enumerable: true } });
}

/**
 * Waits until the API server's authorizer has seen the roles: without that a refusal would prove
 * nothing.
 */
export async function untilInForce(
  kubernetes: KubernetesEndpoint,
  roles: readonly TestObject[],
  access: ServerAccess,
): Promise<void> {
  const headers = { authorization: (await access.authorization())! };
  for (const { metadata, rules } of roles.filter((role) => role.rules !== undefined)) {
    const namespace = metadata.namespace ?? access.namespace;
    await eventually(async () => {
      const { status } = await mustCall({ ...kubernetes, headers }, {
        method: "POST",
        path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectRulesReview",
          spec: { namespace },
        },
      });
      const seen = grantedRights(status.resourceRules);
      assertEquals(grantedRights(rules).filter((right) => !seen.includes(right)), []);
    });
  }
}

/** A network that notes each right for which a request is refused, as {@link grantedRights} does. */
export function noteRefusals(send: Fetch, refused: Set<string>): Fetch {
  return async (url, init) => {
    const answer = await send(url, init);
    if (answer.status === 403) {
      const { message } = await answer.clone().json();
      for (const right of grantedRights(missingIn(message, url))) refused.add(right);
    }
    return answer;
  };
}

/**
 * The rule that a refusal asks for. A namespace that is being deleted refuses new objects too,
 * whatever the rights.
 */
function missingIn(message: string, url: string): readonly Rule[] {
  const words = /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"/.exec(message);
  if (words !== null) {
    const [, verb = "", resource = "", group = ""] = words;
    return [{ apiGroups: [group], resources: [resource], verbs: [verb] }];
  }
  // Older API servers say nothing at all when an apply may change an object, and not create it.
  const path = parseResourcePath(new URL(url).pathname);
  if (path === undefined || !message.endsWith("is forbidden: ")) return [];
  return [{ apiGroups: [path.group], resources: [path.plural], verbs: ["create"] }];
}

/** One role for each right that it does not grant any more; the others are as rendered. */
export function takeRightsAway(
  roles: readonly TestObject[],
): ReadonlyMap<string, readonly TestObject[]> {
  const variants = new Map<string, readonly TestObject[]>();
  for (const role of roles) {
    for (const rule of singleRights(role.rules ?? [])) {
      const rest = singleRights(role.rules).filter((other) => !sameJson(other, rule));
      const others = roles.map((other) => other === role ? { ...role, rules: rest } : other);
      variants.set(grantedRights([rule])[0]!, others);
    }
  }
  return variants;
}

function singleRights(rules: readonly Rule[]): readonly Rule[] {
  return rules.flatMap(({ apiGroups, resources, verbs, ...names }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) =>
        verbs.map((verb) => ({
          ...names,
          apiGroups: [group],
          resources: [resource],
          verbs: [verb],
        }))
      )
    )
  );
}

/** The same objects for another release. */
export function inRelease(
  roles: readonly TestObject[],
  { from, to }: { readonly from: string; readonly to: string },
): readonly TestObject[] {
  return JSON.parse(JSON.stringify(roles).replaceAll(from, to));
}

/** Name of everything in a release. */
export function nameIn(namespace: string): string {
  return `operator-${namespace}`.slice(0, 60);
}

function isAccount({ kind }: { readonly kind: string }): boolean {
  return kind === "ServiceAccount";
}
