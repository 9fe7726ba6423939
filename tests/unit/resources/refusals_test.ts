import { assertEquals } from "@std/assert";
import { providerSpecSchema } from "../../../src/api/provider.ts";
import type { Provider } from "../../../src/api/provider.ts";
import { Refusals } from "../../../src/resources/refusals.ts";
import { FakeClock } from "../../support/fake_clock.ts";
import type { TestObject } from "../../support/builders.ts";
import { storedProvider } from "./fixture.ts";

const DAY_MS = 24 * 3_600_000;

function scene(parts: { readonly type?: string; readonly status?: TestObject } = {}) {
  const clock = new FakeClock();
  const learned: string[] = [];
  const refusals = new Refusals(clock, ({ metadata }) => learned.push(metadata.name));
  const provider = storedProvider({
    spec: { type: parts.type ?? "generic" },
    ...(parts.status === undefined ? {} : { status: parts.status }),
  });
  const spec = providerSpecSchema.parse(provider.spec);
  const support = (of: Provider = provider) => refusals.support(of, spec, "cors");
  return { clock, learned, refusals, provider, spec, support };
}

Deno.test("a refusal counts more than what is documented, and is told once", () => {
  const { learned, refusals, provider, support } = scene({ type: "aws" });
  assertEquals(support().kind, "supported");
  refusals.learn(provider, { feature: "cors", code: "NotImplemented" });
  refusals.learn(provider, { feature: "cors", code: "NotImplemented" });
  assertEquals(support(), { kind: "unsupported", why: "the service answers NotImplemented" });
  assertEquals(learned, ["main"]);
});

Deno.test("a refusal is forgotten after a day, and by another spec of the Provider", async () => {
  const { clock, refusals, provider, support } = scene();
  refusals.learn(provider, { feature: "cors", code: "NotImplemented" });
  const edited = { ...provider, metadata: { ...provider.metadata, generation: 2 } };
  assertEquals(support(edited).kind, "unknown");
  await clock.advance(DAY_MS - 1);
  assertEquals(support().kind, "unsupported");
  await clock.advance(1);
  assertEquals(support().kind, "unknown");
});

Deno.test("a refusal that the status remembers survives a restart, but not its spec", () => {
  const first = scene();
  first.refusals.learn(first.provider, { feature: "cors", code: "NotImplemented" });
  const capabilities = first.refusals.capabilities(first.provider, first.spec);
  const second = scene({ status: { observedGeneration: 1, capabilities } });
  assertEquals(second.support().kind, "unsupported");
  const stale = scene({ status: { observedGeneration: 0, capabilities } });
  assertEquals(stale.support().kind, "unknown");
});

Deno.test("the status lists every feature, with what is known and how", () => {
  const { refusals, provider, spec } = scene({ type: "wasabi" });
  refusals.learn(provider, { feature: "encryption", code: "MethodNotAllowed" });
  const list = refusals.capabilities(provider, spec);
  const shown = (name: string) => {
    const { state, evidence } = list.find(({ feature }) => feature === name)!;
    return `${state}, ${evidence}`;
  };
  assertEquals(shown("encryption"), "Unsupported, Answered");
  assertEquals(shown("lifecycle.transitions"), "Unsupported, Documented");
  assertEquals(shown("versioning"), "Supported, Documented");
  assertEquals(shown("cors"), "Unknown, Documented");
});
