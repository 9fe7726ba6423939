import { assertEquals, assertRejects } from "@std/assert";
import { plainAccess } from "../../../src/kube/access.ts";
import { KubeClient } from "../../../src/kube/client.ts";
import { KubeConnection } from "../../../src/kube/connection.ts";
import { KubeError } from "../../../src/kube/error.ts";
import { systemClock } from "../../../src/ops/clock.ts";
import { startTcpProxy } from "../../support/tcp_proxy.ts";

Deno.test("when the path of an HTTP/2 connection dies, one request fails and the next succeeds", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => Response.json({ gitVersion: "v1.36.0" }),
  );
  const proxy = startTcpProxy(server.addr.port);
  const rotations: string[] = [];
  const connection = new KubeConnection({
    access: {
      ...plainAccess(`http://127.0.0.1:${proxy.port}`),
      // HTTP/2 without TLS, so that all requests share a connection as they do with a real server.
      clientOptions: () => ({ http1: false, http2: true }),
    },
    clock: systemClock,
    userAgent: "test",
    onRotation: (_purpose, cause) => rotations.push(cause),
  });
  const client = new KubeClient({
    connection,
    clock: systemClock,
    fieldManager: "test",
    requestTimeoutMs: 300,
  });
  try {
    assertEquals(await client.version(), "v1.36.0");
    assertEquals(proxy.connections, 1);
    proxy.blackhole();
    const error = await assertRejects(() => client.version(), KubeError);
    assertEquals(error.reason, "Timeout");
    assertEquals(await client.version(), "v1.36.0");
    assertEquals(rotations, ["Timeout"]);
  } finally {
    connection.close();
    await proxy.close();
    await server.shutdown();
  }
});
