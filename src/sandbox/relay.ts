/**
 * The outer socket of an embedded server.
 *
 * Deno.serve gives no hold on a connection, and a connection that dies before an answer is what
 * the faults have to show. So connections end here, byte for byte in front of Deno.serve, and a
 * handler names its connection by the port from which the relay opened the inner one.
 */

/** A running relay. */
export interface Relay {
  readonly port: number;
  /** Ends the connection whose inner end has this local port. */
  end(innerPort: number): void;
  /** Ends the connections whose inner ends have none of these local ports. */
  endOthers(innerPorts: ReadonlySet<number>): void;
  /**
   * Ends that connection as soon as it has carried `text` to the client, and nothing after it.
   * The connection lives on as long as the text does not pass.
   */
  endAfter(innerPort: number, text: string): void;
  /** Resolves when that connection is gone; at once where it is already. */
  ended(innerPort: number): Promise<void>;
  /** Resolves when every connection of now is gone. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

interface Connection {
  readonly outer: Deno.TcpConn;
  readonly inner: Deno.TcpConn;
  done?: Promise<void>;
  /** What the client is to see last. */
  last: Uint8Array | undefined;
}

/** Options of {@link startRelay}. */
export interface RelayOptions {
  /** Where to listen on 127.0.0.1; 0 for a free port. */
  readonly port: number;
  /** Port of Deno.serve on 127.0.0.1. */
  readonly innerPort: number;
}

/** Starts a relay. */
export function startRelay(options: RelayOptions): Relay {
  return new TcpRelay(options);
}

class TcpRelay implements Relay {
  readonly #listener: Deno.TcpListener;
  readonly #innerPort: number;
  readonly #connections = new Map<number, Connection>();
  readonly #tasks = new Set<Promise<void>>();
  #isStopped = false;

  constructor({ port, innerPort }: RelayOptions) {
    this.#innerPort = innerPort;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port });
    this.#track(this.#accept());
  }

  get port(): number {
    return (this.#listener.addr as Deno.NetAddr).port;
  }

  end(innerPort: number): void {
    const connection = this.#connections.get(innerPort);
    if (connection !== undefined) closeAll(connection.outer, connection.inner);
  }

  endOthers(innerPorts: ReadonlySet<number>): void {
    for (const [local, { outer, inner }] of this.#connections) {
      if (!innerPorts.has(local)) closeAll(outer, inner);
    }
  }

  endAfter(innerPort: number, text: string): void {
    const connection = this.#connections.get(innerPort);
    if (connection !== undefined) connection.last = new TextEncoder().encode(text);
  }

  ended(innerPort: number): Promise<void> {
    return this.#connections.get(innerPort)?.done ?? Promise.resolve();
  }

  async drained(): Promise<void> {
    await Promise.all([...this.#connections.values()].map(({ done }) => done));
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    closeAll(this.#listener);
    for (const { outer, inner } of this.#connections.values()) closeAll(outer, inner);
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  #track(task: Promise<void>): void {
    this.#tasks.add(task);
    task.finally(() => this.#tasks.delete(task));
  }

  async #accept(): Promise<void> {
    try {
      for await (const outer of this.#listener) this.#track(this.#serve(outer));
    } catch {
      // Closed while it accepted.
    }
  }

  async #serve(outer: Deno.TcpConn): Promise<void> {
    const address = { hostname: "127.0.0.1", port: this.#innerPort };
    const inner = await Deno.connect(address).catch(() => {});
    if (inner === undefined || this.#isStopped) {
      closeAll(outer, inner);
      return;
    }
    for (const end of [outer, inner]) end.setNoDelay(true);
    const local = inner.localAddr.port;
    const connection: Connection = { outer, inner, last: undefined };
    this.#connections.set(local, connection);
    const toClient = copy(inner, outer, new Ending(() => connection.last));
    connection.done = Promise.race([copy(outer, inner), toClient]).then(() => {
      closeAll(outer, inner);
      this.#connections.delete(local);
    });
    await connection.done;
  }
}

/** Finds the place at which a stream of bytes has to end. */
class Ending {
  readonly #wanted: () => Uint8Array | undefined;
  /** The end of what has passed, for a text that comes in two pieces. */
  #passed = new Uint8Array(0);

  constructor(wanted: () => Uint8Array | undefined) {
    this.#wanted = wanted;
  }

  /** How many of these bytes may pass; undefined for all of them and what comes after. */
  in(bytes: Uint8Array): number | undefined {
    const wanted = this.#wanted();
    if (wanted === undefined) return undefined;
    const seen = new Uint8Array(this.#passed.length + bytes.length);
    seen.set(this.#passed);
    seen.set(bytes, this.#passed.length);
    const index = indexOf(seen, wanted);
    if (index !== undefined) return index + wanted.length - this.#passed.length;
    this.#passed = seen.slice(Math.max(0, seen.length - wanted.length + 1));
    return undefined;
  }
}

function indexOf(bytes: Uint8Array, wanted: Uint8Array): number | undefined {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  }
  return undefined;
}

/** Copies one direction until its end; never rejects. */
async function copy(
  from: Deno.TcpConn,
  to: Deno.TcpConn,
  ending?: Ending,
): Promise<void> {
  const buffer = new Uint8Array(64 * 1_024);
  try {
    for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
      const end = ending?.in(buffer.subarray(0, length));
      const passing = end ?? length;
      for (let sent = 0; sent < passing;) sent += await to.write(buffer.subarray(sent, passing));
      if (end !== undefined) return;
    }
  } catch {
    // The end of a connection, from either side, is what the caller waits for.
  }
}

function closeAll(...resources: readonly ({ close(): void } | void)[]): void {
  for (const resource of resources) {
    try {
      resource?.close();
    } catch {
      // Closed before.
    }
  }
}
