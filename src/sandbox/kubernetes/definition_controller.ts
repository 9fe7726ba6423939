/** Serves what CustomResourceDefinitions define, and takes it away with them. */

import type { Clock } from "../../ops/clock.ts";
import type { Background } from "./background.ts";
import { DEFINITIONS } from "./builtin_types.ts";
import { customTypes, storageOf } from "./custom_resources.ts";
import type { Deletion } from "./deletion.ts";
import { DEFINITION_FINALIZER } from "./deletion.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import { cloneJson, equalJson, listOr, objectOr, stringOr } from "./json.ts";
import { isTerminating, nameOf, timestamp } from "./object_meta.ts";
import type { Registry } from "./registry.ts";
import type { Store, StoreEvent } from "./store.ts";
import type { Watching } from "./watching.ts";

/** Follows definitions. */
export class DefinitionController {
  readonly #store: Store;
  readonly #registry: Registry;
  readonly #deletion: Deletion;
  readonly #background: Background;
  readonly #watching: Watching;
  readonly #clock: Clock;
  /** The specification that each definition was last installed with. */
  readonly #installed = new Map<string, JsonValue>();
  /** Collections whose definition is being deleted. */
  readonly #terminating = new Map<string, string>();

  constructor(
    options: {
      readonly store: Store;
      readonly registry: Registry;
      readonly deletion: Deletion;
      readonly background: Background;
      readonly watching: Watching;
      readonly clock: Clock;
    },
  ) {
    this.#store = options.store;
    this.#registry = options.registry;
    this.#deletion = options.deletion;
    this.#background = options.background;
    this.#watching = options.watching;
    this.#clock = options.clock;
    this.#store.subscribe((event) => this.#observe(event));
  }

  #observe(event: StoreEvent): void {
    if (event.storage === DEFINITIONS) {
      const name = nameOf(event.object);
      if (event.change === "deleted") this.#remove(name, event.object);
      else if (isTerminating(event.object)) {
        this.#terminating.set(storageOf(event.object), name);
        this.#scheduleCleanUp(name);
      } else this.#background.schedule(`definition ${name}`, () => this.#install(name));
    } else if (event.change === "deleted") {
      const definition = this.#terminating.get(event.storage);
      if (definition !== undefined) this.#scheduleCleanUp(definition);
    }
  }

  #scheduleCleanUp(name: string): void {
    this.#background.schedule(`definition ${name}`, () => this.#cleanUp(name));
  }

  #install(name: string): void {
    const definition = this.#store.get(DEFINITIONS, name);
    if (definition === undefined) return;
    const spec = definition["spec"] ?? {};
    if (!equalJson(spec, this.#installed.get(name))) {
      this.#registry.install(name, customTypes(definition));
      this.#installed.set(name, spec);
    }
    const status = this.#statusOf(definition);
    if (equalJson(status, definition["status"])) return;
    this.#store.put(DEFINITIONS, name, { ...cloneJson(definition), status });
  }

  #statusOf(definition: JsonObject): JsonObject {
    const spec = objectOr(definition["spec"]);
    const old = objectOr(definition["status"]);
    const known = listOr(old["storedVersions"]);
    const stored = listOr(spec["versions"]).map(objectOr)
      .find((version) => version["storage"] === true);
    const name = stringOr(stored?.["name"]);
    const now = timestamp(this.#clock.now());
    const established = listOr(old["conditions"]).length > 0 ? old["conditions"] : [
      {
        type: "NamesAccepted",
        status: "True",
        reason: "NoConflicts",
        message: "no conflicts found",
        lastTransitionTime: now,
      },
      {
        type: "Established",
        status: "True",
        reason: "InitialNamesAccepted",
        message: "the initial names have been accepted",
        lastTransitionTime: now,
      },
    ];
    return {
      conditions: established ?? [],
      acceptedNames: spec["names"] ?? {},
      storedVersions: known.includes(name) ? known : [...known, name],
    };
  }

  #cleanUp(name: string): void {
    const definition = this.#store.get(DEFINITIONS, name);
    if (definition === undefined) return;
    const storage = storageOf(definition);
    for (const [key, object] of this.#store.list(storage)) {
      if (!isTerminating(object)) this.#deletion.request(storage, key);
    }
    if (this.#store.size(storage) === 0) {
      this.#deletion.dropFinalizer(DEFINITIONS, name, DEFINITION_FINALIZER);
    }
  }

  #remove(name: string, definition: JsonObject): void {
    const storage = storageOf(definition);
    this.#terminating.delete(storage);
    this.#installed.delete(name);
    this.#registry.uninstall(name);
    this.#watching.endCollection(storage);
  }
}
