/**
 * The server's outer socket.
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
  /** Resolves when that connection is gone; at once where it is already. */
  ended(innerPort: number): Promise<void>;
  stop(): Promise<void>;
}

interface Connection {
  readonly outer: Deno.TcpConn;
  readonly inner: Deno.TcpConn;
  readonly done: Promise<void>;
}

/** Options of {@link startRelay}. */
export interface RelayOptions {
  /** Where to listen on 127.0.0.1; 0 for a free port. */
  readonly port: number;
  /** Port of Deno.serve on 127.0.0.1. */
  readonly innerPort: number;
}

/** Starts a relay. */
export function startRelay({ port, innerPort }: RelayOptions): Relay {
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const connections = new Map<number, Connection>();
  const tasks = new Set<Promise<void>>();
  let isStopped = false;

  function track(task: Promise<void>): void {
    tasks.add(task);
    task.finally(() => tasks.delete(task));
  }

  async function serve(outer: Deno.TcpConn): Promise<void> {
    const inner = await Deno.connect({ hostname: "127.0.0.1", port: innerPort }).catch(() => {});
    if (inner === undefined || isStopped) {
      closeAll(outer, inner);
      return;
    }
    for (const end of [outer, inner]) end.setNoDelay(true);
    const local = inner.localAddr.port;
    const done = Promise.race([copy(outer, inner), copy(inner, outer)]).then(() => {
      closeAll(outer, inner);
      connections.delete(local);
    });
    connections.set(local, { outer, inner, done });
    await done;
  }

  async function accept(): Promise<void> {
    try {
      for await (const outer of listener) track(serve(outer));
    } catch {
      // Closed while it accepted.
    }
  }

  track(accept());
  return {
    port: listener.addr.port,
    end(local) {
      const connection = connections.get(local);
      if (connection !== undefined) closeAll(connection.outer, connection.inner);
    },
    endOthers(busy) {
      for (const [local, { outer, inner }] of connections) {
        if (!busy.has(local)) closeAll(outer, inner);
      }
    },
    ended: (local) => connections.get(local)?.done ?? Promise.resolve(),
    async stop() {
      isStopped = true;
      closeAll(listener);
      for (const { outer, inner } of connections.values()) closeAll(outer, inner);
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}

/** Copies one direction until its end; never rejects. */
async function copy(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(64 * 1_024);
  try {
    for (let length = await from.read(buffer); length !== null; length = await from.read(buffer)) {
      for (let sent = 0; sent < length;) sent += await to.write(buffer.subarray(sent, length));
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
