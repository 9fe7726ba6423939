/** Empties namespaces that are being deleted, and removes them once they are empty. */

import type { Background } from "./background.ts";
import { NAMESPACES } from "./builtin_types.ts";
import type { Deletion } from "./deletion.ts";
import { isTerminating, nameOf, namespaceOf } from "./object_meta.ts";
import type { Registry } from "./registry.ts";
import type { Store, StoreEvent } from "./store.ts";

/** Follows namespaces under deletion. */
export class NamespaceController {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #deletion: Deletion;
  readonly #background: Background;
  readonly #terminating = new Set<string>();

  constructor(
    options: {
      readonly store: Store;
      readonly registry: Registry;
      readonly deletion: Deletion;
      readonly background: Background;
    },
  ) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#deletion = options.deletion;
    this.#background = options.background;
    this.#store.subscribe((event) => this.#observe(event));
  }

  #observe(event: StoreEvent): void {
    if (event.storage === NAMESPACES) {
      const name = nameOf(event.object);
      if (event.change === "deleted") this.#terminating.delete(name);
      else if (isTerminating(event.object)) {
        this.#terminating.add(name);
        this.#schedule(name);
      }
    } else if (event.change === "deleted" && this.#terminating.size > 0) {
      const namespace = namespaceOf(event.object);
      if (this.#terminating.has(namespace)) this.#schedule(namespace);
    }
  }

  #schedule(name: string): void {
    this.#background.schedule(`namespace ${name}`, () => this.#empty(name));
  }

  #empty(name: string): void {
    const storages = new Set(
      this.#registry.all().filter((type) => type.namespaced).map((type) => type.storage),
    );
    let remaining = 0;
    for (const storage of storages) {
      for (const [key, object] of this.#store.list(storage)) {
        if (namespaceOf(object) !== name) continue;
        const outcome = isTerminating(object)
          ? { kind: "terminating" }
          : this.#deletion.request(storage, key);
        if (outcome.kind === "terminating") remaining += 1;
      }
    }
    if (remaining === 0) this.#store.remove(NAMESPACES, name);
  }
}
