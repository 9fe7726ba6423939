/**
 * A reflector against a scripted API server, on a clock that only the test moves.
 */
import type { KubeObject } from "../../../src/api/common.ts";
import { keyOf } from "../../../src/api/key.ts";
import { plainAccess } from "../../../src/kube/access.ts";
import { KubeClient } from "../../../src/kube/client.ts";
import { KubeConnection } from "../../../src/kube/connection.ts";
import type { KubeError } from "../../../src/kube/error.ts";
import type { Resource } from "../../../src/kube/resource.ts";
import { Reflector, type ReflectorSink } from "../../../src/watch/reflector.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import { ScriptedApi, type ScriptedCall } from "../../support/scripted_api.ts";

/** The watched kind. */
export const THINGS: Resource = { group: "test", version: "v1", plural: "things", kind: "Thing" };

/** An object of the kind. */
export function thing(name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject {
  return {
    apiVersion: "test/v1",
    kind: "Thing",
    metadata: { namespace: "default", name, uid, resourceVersion },
  };
}

/** Parts of a client that speaks to a script. */
export function startClient(): {
  readonly api: ScriptedApi;
  readonly clock: FakeClock;
  readonly connection: KubeConnection;
  readonly client: KubeClient;
} {
  const api = new ScriptedApi();
  const clock = new FakeClock();
  const connection = new KubeConnection({
    access: plainAccess("http://script.test"),
    clock,
    userAgent: "test",
    fetch: api.fetch,
  });
  return {
    api,
    clock,
    connection,
    client: new KubeClient({ connection, clock, fieldManager: "test" }),
  };
}

/** What the reflector told, as a store would keep it. */
class Mirror implements ReflectorSink {
  readonly versions = new Map<string, string>();
  readonly blockedBy: (number | undefined)[] = [];
  readonly restarts: string[] = [];
  readonly log: string[] = [];
  replacements = 0;

  replaced(objects: Iterable<KubeObject>): void {
    this.replacements++;
    this.versions.clear();
    for (const object of objects) {
      this.versions.set(keyOf(object), object.metadata.resourceVersion);
    }
  }
  changed(object: KubeObject): void {
    this.log.push(`changed ${object.metadata.name} ${object.metadata.resourceVersion}`);
    this.versions.set(keyOf(object), object.metadata.resourceVersion);
  }
  removed(object: KubeObject): void {
    this.log.push(`removed ${object.metadata.name}`);
    this.versions.delete(keyOf(object));
  }
  blocked(error: KubeError | undefined): void {
    this.blockedBy.push(error?.code);
  }
  observed(observation: { readonly kind: string; readonly cause?: string }): void {
    if (observation.kind === "restart") this.restarts.push(observation.cause!);
  }
}

/** A running reflector; ended by `await using`. */
export interface ReflectorStage extends AsyncDisposable {
  readonly api: ScriptedApi;
  readonly clock: FakeClock;
  readonly mirror: Mirror;
  /** The next request; timers that are due now fire. */
  next(): Promise<ScriptedCall>;
  /** The next request after the pause that the reflector makes now. */
  afterPause(): Promise<{ readonly call: ScriptedCall; readonly pausedMs: number }>;
  /** Answers the WatchList with these objects, and goes live at `resourceVersion`. */
  goLive(resourceVersion: string, objects?: readonly KubeObject[]): ReturnType<
    typeof goLive
  >;
  /** Goes live, and lets the server end the stream after a while. */
  liveAndClosed(resourceVersion: string, objects?: readonly KubeObject[]): Promise<void>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
}

/** Starts a reflector; every draw of chance is a half unless told otherwise. */
export function startReflector(options: { readonly chance?: number } = {}): ReflectorStage {
  const parts = startClient();
  const { api, clock } = parts;
  const mirror = new Mirror();
  const stop = new AbortController();
  const running = new Reflector({
    ...parts,
    random: () => options.chance ?? 0.5,
    resource: THINGS,
    sink: mirror,
  }).run(stop.signal);
  const next = () => api.next(clock);
  const live = async (resourceVersion: string, objects: readonly KubeObject[] = []) =>
    goLive(await next(), { resourceVersion, objects, settle: () => clock.advance(0) });
  return {
    api,
    clock,
    mirror,
    next,
    afterPause: async () => {
      await clock.advance(0);
      const pausedMs = clock.nextTimerInMs ?? 0;
      await clock.advance(pausedMs);
      return { call: await next(), pausedMs };
    },
    goLive: live,
    liveAndClosed: async (resourceVersion, objects) => {
      const stream = await live(resourceVersion, objects);
      await clock.advance(1_000);
      stream.close();
    },
    settle: () => clock.advance(0),
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
      parts.connection.close();
    },
  };
}

async function goLive(
  call: ScriptedCall,
  options: {
    readonly resourceVersion: string;
    readonly objects: readonly KubeObject[];
    readonly settle: () => Promise<void>;
  },
) {
  const stream = call.stream();
  for (const object of options.objects) stream.event("ADDED", object);
  stream.bookmark(options.resourceVersion, { initialEnd: true });
  await options.settle();
  return stream;
}
