/**
 * An IAM service that lacks some actions: a proxy in front of a whole one. Ceph RGW, for example,
 * has users and keys, and no managed policies (wasabi §6).
 */
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A running proxy. */
export interface IamWithout {
  readonly url: string;
  stop(): Promise<void>;
}

const REFUSAL = "<ErrorResponse><Error><Type>Sender</Type><Code>MethodNotAllowed</Code>" +
  "<Message>Unknown</Message></Error><RequestId>1</RequestId></ErrorResponse>";

/** Starts the proxy; actions that fit `lacking` are answered with 405, as by Ceph RGW. */
export async function startIamWithout(target: string, lacking: RegExp): Promise<IamWithout> {
  const { hostname, port } = new URL(target);
  const server: Server = createServer((incoming, answer) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
      const action = new URLSearchParams(new TextDecoder().decode(body)).get("Action") ?? "";
      if (lacking.test(action)) {
        answer.writeHead(405, { "content-type": "text/xml" }).end(REFUSAL);
        return;
      }
      // The Host header is signed, and so passed on.
      const { method, url, headers } = incoming;
      const passed = request({ hostname, port, method, path: url, headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      });
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
