/**
 * The cord between an operator and everything outside: it counts the calls that go through, and
 * is cut at one of them, as if the process died there.
 */
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import type { Fetch } from "../../src/kube/connection.ts";

/** At which call the cord is cut. */
export interface Cut {
  readonly index: number;
  /** Whether the call still reaches the other side; its answer comes back in no case. */
  readonly carriedOut: boolean;
}

type Fate = "passes" | "lostAnswer" | "lost";

/** One cord for all servers. */
export class Cord {
  /** Names of the calls that were counted. */
  readonly calls: string[] = [];
  /** Resolves once the cord is cut. */
  readonly cutOff: Promise<void>;
  readonly #cut: Cut | undefined;
  readonly #resolve: () => void;
  #state: "uncounted" | "counting" | "cut" | "mended" = "uncounted";

  constructor(cut?: Cut) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.cutOff = promise;
    this.#resolve = resolve;
    this.#cut = cut;
  }

  /** Counts from now on. */
  count(): void {
    this.#state = "counting";
  }

  /** Lets everything through from now on. */
  mend(): void {
    this.#state = "mended";
  }

  /** What happens to a call. */
  meet(name: string): Fate {
    if (this.#state === "cut") return "lost";
    if (this.#state !== "counting") return "passes";
    this.calls.push(name);
    if (this.calls.length - 1 !== this.#cut?.index) return "passes";
    this.#state = "cut";
    this.#resolve();
    return this.#cut.carriedOut ? "lostAnswer" : "lost";
  }

  /** A fetch for the operator's requests to the API server; lists, watches and Events do not count. */
  readonly fetch: Fetch = async (input, init) => {
    const { pathname } = new URL(input);
    const method = init?.method ?? "GET";
    const counts = method === "GET"
      ? /\/secrets\/[^/]+$/.test(pathname)
      : !pathname.includes("/events");
    const fate = counts || this.#state === "cut" ? this.meet(`${method} ${pathname}`) : "passes";
    if (fate === "lost") throw new TypeError("The cord is cut");
    const response = await fetch(input, init);
    if (fate === "passes") return response;
    await response.body?.cancel();
    throw new TypeError("The cord is cut");
  };
}

/** A proxy that a service's calls go through. */
export interface CordProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Puts the cord in front of a service; calls without a name are not counted. */
export async function startCordProxy(
  target: string,
  { cord, nameOf }: {
    readonly cord: Cord;
    readonly nameOf: (call: { readonly line: string; readonly body: string }) => string | undefined;
  },
): Promise<CordProxy> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, answer) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
      const { method, url, headers } = incoming;
      const line = `${method} ${url} ${headers.authorization ?? ""}`;
      const name = nameOf({ line, body: new TextDecoder().decode(body) });
      const fate = name === undefined ? "passes" : cord.meet(name);
      if (fate === "lost") return void incoming.socket.destroy();
      // The Host header is signed, and so passed on.
      const passed = request({ hostname, port, method, path: url, headers }, (reply) => {
        if (fate === "passes") {
          answer.writeHead(reply.statusCode ?? 500, reply.headers);
          return void reply.pipe(answer);
        }
        reply.resume();
        reply.on("end", () => incoming.socket.destroy());
      });
      passed.on("error", () => incoming.socket.destroy());
      passed.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
