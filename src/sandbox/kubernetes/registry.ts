/** The resources that are served at this moment. */

import { builtinTypes } from "./builtin_types.ts";
import type { ResourceType } from "./resource_type.ts";
import { apiVersionOf } from "./resource_type.ts";

/** Served resources by path and by kind. */
export class Registry {
  readonly #byPath = new Map<string, ResourceType>();
  /** Types that each definition brought, so that they can be taken away again. */
  readonly #installed = new Map<string, readonly ResourceType[]>();

  constructor() {
    for (const type of builtinTypes()) this.#byPath.set(pathOf(type), type);
  }

  /** The resource at `group`, `version` and plural, or undefined. */
  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** The resource of a kind, or undefined. */
  findKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.all().find((type) => type.kind === kind && apiVersionOf(type) === apiVersion);
  }

  /** All resources, built-in ones first. */
  all(): readonly ResourceType[] {
    return [...this.#byPath.values()];
  }

  /** Serves the types of a definition in place of those it brought before. */
  install(definitionName: string, types: readonly ResourceType[]): void {
    this.uninstall(definitionName);
    for (const type of types) this.#byPath.set(pathOf(type), type);
    this.#installed.set(definitionName, types);
  }

  /** Stops serving what a definition brought. */
  uninstall(definitionName: string): void {
    for (const type of this.#installed.get(definitionName) ?? []) {
      this.#byPath.delete(pathOf(type));
    }
    this.#installed.delete(definitionName);
  }
}

function pathOf(type: ResourceType): string {
  return `${type.group}/${type.version}/${type.plural}`;
}
