/**
 * Rights in the API server's sense: those that the chart grants, and those that requests need.
 *
 * A right is written as `patch buckets/status.s3.cloud37.dev`, resources as kubectl has them.
 */
import { assertEquals } from "@std/assert";
import { parse } from "yaml";
import { FIELD_MANAGER } from "../../src/api/common.ts";
import { parseResourcePath } from "../../src/sandbox/kubernetes/request_path.ts";
import type { SandboxKubernetes } from "../../src/sandbox/kubernetes/server.ts";

type KubernetesRequest = ReturnType<SandboxKubernetes["requests"]["all"]>[number];

/** A rule of a role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

const RULES = new URL("../../chart/templates/_rules.tpl", import.meta.url);

/** The rules of all the chart's roles together, read from its template without helm. */
export async function chartRules(): Promise<readonly Rule[]> {
  const template = await Deno.readTextFile(RULES);
  const blocks = template.matchAll(/\{\{- define "[^"]+Rules" -\}\}\n([\s\S]*?)\{\{- end -\}\}/g);
  return [...blocks].flatMap(([, block = ""]) => parse(block.replaceAll(/\{\{.*?\}\}/g, "name")));
}

/** One line for each right that the rules grant, sorted; a right that is granted twice, twice. */
export function grantedRights(rules: readonly Rule[]): readonly string[] {
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => rightOf(verb, { group, resource })))
    )
  ).sort();
}

/** The rights that the operator's own requests in a log need, sorted. */
export function neededRights(requests: Iterable<KubernetesRequest>): readonly string[] {
  const own = [...requests].filter(({ userAgent }) => userAgent?.startsWith(FIELD_MANAGER));
  return [...new Set(own.flatMap(rightsFor))].sort();
}

/** Fails when a request needs what no preset of the chart grants. */
export async function assertGranted(requests: Iterable<KubernetesRequest>): Promise<void> {
  const granted = grantedRights(await chartRules());
  const missing = neededRights(requests).filter((right) => !granted.includes(right));
  assertEquals(
    missing,
    [],
    "Needed by the operator, and not granted in chart/templates/_rules.tpl",
  );
}

function rightOf(
  verb: string,
  { group, resource }: { readonly group: string; readonly resource: string },
): string {
  return `${verb} ${resource}${group === "" ? "" : `.${group}`}`;
}

function rightsFor(request: KubernetesRequest): readonly string[] {
  const path = parseResourcePath(request.path);
  if (path === undefined) return [];
  const { group, plural, subresource } = path;
  const resource = subresource === "" ? plural : `${plural}/${subresource}`;
  return verbsFor(request, path.name !== "").map((verb) => rightOf(verb, { group, resource }));
}

function verbsFor(request: KubernetesRequest, named: boolean): readonly string[] {
  switch (request.method) {
    case "GET":
      if (named) return ["get"];
      return [new URLSearchParams(request.query).has("watch") ? "watch" : "list"];
    case "POST":
      return ["create"];
    case "PUT":
      return ["update"];
    case "PATCH":
      // Server-side apply of what is not there yet is asked for both.
      return request.status === 201 ? ["create", "patch"] : ["patch"];
    default:
      return [request.method.toLowerCase()];
  }
}
