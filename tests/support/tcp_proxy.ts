/** A TCP proxy on 127.0.0.1 that loses connections in the ways a network does. */
export interface TcpProxy {
  readonly port: number;
  /** Connections that are open at this moment, black holes included. */
  readonly connections: number;
  /**
   * Stops copying, in both directions, on the connections that exist now; they stay open, as
   * after a router has forgotten them. New connections work.
   */
  blackhole(): void;
  /** Ends every open connection. */
  cut(): void;
  /** Ends every open connection and refuses new ones until {@link resume}. */
  refuse(): void;
  /** Accepts connections again, on the same port. */
  resume(): void;
  /** Ends everything; leaves no open resource. */
  close(): Promise<void>;
}

interface Pair {
  readonly ends: readonly [Deno.TcpConn, Deno.TcpConn];
  isDark: boolean;
}

/** Starts a proxy in front of 127.0.0.1:`targetPort`. */
export function startTcpProxy(targetPort: number): TcpProxy {
  const pairs = new Set<Pair>();
  const tasks = new Set<Promise<void>>();
  let listener: Deno.TcpListener | undefined = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;

  function track(task: Promise<void>): void {
    tasks.add(task);
    task.finally(() => tasks.delete(task));
  }

  async function serve(client: Deno.TcpConn, from: Deno.TcpListener): Promise<void> {
    let server: Deno.TcpConn;
    try {
      server = await Deno.connect({ hostname: "127.0.0.1", port: targetPort });
    } catch {
      return closeQuietly(client);
    }
    if (listener !== from) {
      closeQuietly(client);
      return closeQuietly(server);
    }
    const pair: Pair = { ends: [client, server], isDark: false };
    pairs.add(pair);
    await Promise.all([copy(client, server, pair), copy(server, client, pair)]);
    endPair(pair);
    pairs.delete(pair);
  }

  async function accept(from: Deno.TcpListener): Promise<void> {
    try {
      for await (const client of from) track(serve(client, from));
    } catch {
      // The listener was closed while it accepted.
    }
  }

  function cut(): void {
    for (const pair of pairs) endPair(pair);
  }

  function refuse(): void {
    if (listener !== undefined) closeQuietly(listener);
    listener = undefined;
    cut();
  }

  track(accept(listener));
  return {
    port,
    get connections() {
      return pairs.size;
    },
    blackhole() {
      for (const pair of pairs) pair.isDark = true;
    },
    cut,
    refuse,
    resume() {
      if (listener !== undefined) return;
      listener = Deno.listen({ hostname: "127.0.0.1", port });
      track(accept(listener));
    },
    async close() {
      refuse();
      while (tasks.size > 0) await Promise.all(tasks);
    },
  };
}

/** Copies one direction until its end; a dark pair's bytes are read and dropped. */
async function copy(from: Deno.TcpConn, to: Deno.TcpConn, pair: Pair): Promise<void> {
  const buffer = new Uint8Array(32 * 1_024);
  try {
    while (true) {
      const length = await from.read(buffer);
      if (length === null) break;
      if (pair.isDark) continue;
      let sent = 0;
      while (sent < length) sent += await to.write(buffer.subarray(sent, length));
    }
    // The peer of a dark pair must not see the end: nobody is left to carry it there.
    if (!pair.isDark) await to.closeWrite();
  } catch {
    endPair(pair);
  }
}

function endPair(pair: Pair): void {
  for (const end of pair.ends) closeQuietly(end);
}

function closeQuietly(resource: { close(): void }): void {
  try {
    resource.close();
  } catch {
    // Closed before, by the peer or by the other direction.
  }
}
