/**
 * A whole collection, page by page.
 */
import type { KubeObject } from "../api/common.ts";
import type { KubeClient } from "../kube/client.ts";
import type { Resource } from "../kube/resource.ts";

const PAGE_SIZE = 500;
const MAX_PAGES = 2000;

/**
 * Lists a collection in pages of 500.
 *
 * @throws KubeError of the first page that fails; 410 when the list took longer than the server
 * keeps its snapshot, or when it does not end within a million objects
 */
export async function listAll(
  client: KubeClient,
  resource: Resource,
  options: {
    readonly namespace?: string | undefined;
    readonly metadataOnly?: boolean;
    readonly stop?: AbortSignal;
  },
): Promise<{ readonly objects: readonly KubeObject[]; readonly resourceVersion: string }> {
  const objects: KubeObject[] = [];
  let continueToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    // Each page needs the token of the one before it.
    // deno-lint-ignore no-await-in-loop
    const answer = await client.listPage(resource, {
      namespace: options.namespace,
      limit: PAGE_SIZE,
      continueToken,
      ...(options.metadataOnly === undefined ? {} : { metadataOnly: options.metadataOnly }),
      ...(options.stop === undefined ? {} : { stop: options.stop }),
    });
    for (const item of answer.items) objects.push(withType(item, resource));
    continueToken = answer.continueToken;
    if (continueToken === undefined) return { objects, resourceVersion: answer.resourceVersion };
  }
  throw new RangeError(
    `Cannot list ${resource.plural}: more than ${MAX_PAGES * PAGE_SIZE} objects`,
  );
}

/** Items of a list carry no type of their own. */
function withType(item: KubeObject, resource: Resource): KubeObject {
  return { ...item, kind: item.kind ?? resource.kind };
}
