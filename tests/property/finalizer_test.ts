/**
 * Finalizers of others survive ours, whoever writes in between.
 */
import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { type CustomResource, FINALIZER, PREDECESSOR_FINALIZER } from "../../src/api/common.ts";
import { ensureFinalizer, hasFinalizer, releaseFinalizer } from "../../src/control/finalizer.ts";
import { KubeClient, type PatchOperation } from "../../src/kube/client.ts";
import { KubeError } from "../../src/kube/error.ts";
import { THINGS } from "../unit/watch/fixture.ts";

/** One object on a server that applies JSON patches as RFC 6902 says. */
class OneObject {
  object: CustomResource | undefined;
  writes = 0;
  /** Run before each of our patches: other writers. */
  readonly #meddle: (() => void)[];

  constructor(finalizers: readonly string[] | undefined, meddle: (() => void)[] = []) {
    this.#meddle = meddle;
    this.write(finalizers);
  }

  write(finalizers: readonly string[] | undefined): void {
    const resourceVersion = String(++this.writes);
    this.object = {
      apiVersion: "test/v1",
      kind: "Thing",
      metadata: {
        namespace: "default",
        name: "a",
        uid: "u",
        resourceVersion,
        ...(finalizers === undefined ? {} : { finalizers }),
      },
    };
  }

  get finalizers(): readonly string[] {
    return this.object?.metadata.finalizers ?? [];
  }

  get context() {
    const client = {
      get: () => this.object === undefined ? refuse(404) : Promise.resolve(this.object),
      patchJson: (_resource: unknown, _name: unknown, all: readonly PatchOperation[]) => {
        this.#meddle.shift()?.();
        if (this.object === undefined) return refuse(404);
        for (const { op, path, value } of all) {
          const field = path.slice("/metadata/".length);
          const stored = (this.object.metadata as unknown as Record<string, unknown>)[field];
          if (op !== "test" && field !== "finalizers") throw new Error(`unexpected ${path}`);
          if (op === "test" && JSON.stringify(stored) !== JSON.stringify(value)) return refuse(422);
          if (op === "replace" && stored === undefined) return refuse(422);
          if (op === "add" || op === "replace") this.write(value as string[]);
        }
        return Promise.resolve(this.object);
      },
    };
    return { client: client as unknown as KubeClient, resource: THINGS };
  }
}

function refuse(code: number): Promise<never> {
  return Promise.reject(new KubeError("refused", { code, reason: "x" }));
}

const NAMES = ["other/one", "other/two", FINALIZER, PREDECESSOR_FINALIZER];
const anyList = fc.option(fc.array(fc.constantFrom(...NAMES), { maxLength: 5 }), {
  nil: undefined,
});

for (
  const [what, change, ours] of [
    ["adding", ensureFinalizer, true],
    ["removing", releaseFinalizer, false],
  ] as const
) {
  Deno.test(`${what} ours leaves those of others as the last other writer wanted them`, async () => {
    await fc.assert(
      fc.asyncProperty(anyList, fc.array(anyList, { maxLength: 3 }), async (start, others) => {
        let last = start;
        const server: OneObject = new OneObject(
          start,
          others.map((list) => () => server.write(last = list)),
        );
        const before = server.object!;
        const result = await change(before, server.context);
        const foreign = (list: readonly string[]) =>
          list.filter((name) => name.startsWith("other/"));
        assertEquals(result, server.object);
        assertEquals(server.finalizers.includes(FINALIZER), ours);
        assert(!server.finalizers.includes(PREDECESSOR_FINALIZER));
        assertEquals(foreign(server.finalizers), foreign(last ?? []));
      }),
      { numRuns: 2_000 },
    );
  });
}

Deno.test("a finalizer that is there already costs no write", async () => {
  const server = new OneObject(["other/one", FINALIZER]);
  assertEquals(await ensureFinalizer(server.object!, server.context), server.object);
  assertEquals(server.writes, 1);
});

Deno.test("our finalizer that is there twice is removed whole", async () => {
  const server = new OneObject([FINALIZER, "other/one", FINALIZER, PREDECESSOR_FINALIZER]);
  await releaseFinalizer(server.object!, server.context);
  assertEquals(server.finalizers, ["other/one"]);
});

Deno.test("an object that is gone needs no finalizer and loses none", async () => {
  for (const change of [ensureFinalizer, releaseFinalizer]) {
    const server = new OneObject(change === ensureFinalizer ? [] : [FINALIZER]);
    const before = server.object!;
    server.object = undefined;
    // deno-lint-ignore no-await-in-loop
    assertEquals(await change(before, server.context), undefined);
  }
});

Deno.test("the object that has the name now is left alone", async () => {
  const server = new OneObject([FINALIZER]);
  const before = server.object!;
  server.object = { ...before, metadata: { ...before.metadata, uid: "new" } };
  assertEquals(await releaseFinalizer(before, server.context), undefined);
  assertEquals(server.finalizers, [FINALIZER]);
});

Deno.test("writers that never pause are given up after five tries", async () => {
  let number = 0;
  const meddle = Array.from({ length: 9 }, () => () => server.write([`other/${number++}`]));
  const server: OneObject = new OneObject(["other/one"], meddle);
  const error = await assertRejects(
    () => ensureFinalizer(server.object!, server.context) as Promise<unknown>,
    KubeError,
  );
  assertEquals([error.code, number], [409, 5]);
});

Deno.test("the predecessor's marker alone makes the clean-up ours", () => {
  assertEquals(hasFinalizer(new OneObject([PREDECESSOR_FINALIZER]).object!), true);
  assertEquals(hasFinalizer(new OneObject(["other/one"]).object!), false);
  assertEquals(hasFinalizer(new OneObject(undefined).object!), false);
});
