/**
 * A proxy in front of an IAM service, which lets calls go wrong: refused as by a service that
 * lacks an action, answered by an error, or carried out with the answer lost.
 */
import { createServer, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a call. */
export type IamFate = "passes" | "unsupported" | "error" | "lostAnswer";

/** A running proxy. */
export interface IamProxy {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the proxy; `fateOf` is asked once for each call, with the name of its action. */
export async function startIamProxy(
  target: string,
  fateOf: (action: string) => IamFate,
): Promise<IamProxy> {
  const { hostname, port } = new URL(target);
  const server: Server = createServer((incoming, answer) => {
    const chunks: Uint8Array[] = [];
    incoming.on("data", (chunk) => chunks.push(chunk));
    incoming.on("end", () => {
      const body = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
      const action = new URLSearchParams(new TextDecoder().decode(body)).get("Action") ?? "";
      const fate = fateOf(action);
      if (fate === "unsupported") return refuse(answer, { status: 405, code: "MethodNotAllowed" });
      if (fate === "error") return refuse(answer, { status: 500, code: "InternalFailure" });
      // The Host header is signed, and so passed on.
      const { method, url, headers } = incoming;
      const passed = request({ hostname, port, method, path: url, headers }, (reply) => {
        if (fate === "lostAnswer") {
          reply.resume();
          reply.on("end", () => incoming.socket.destroy());
          return;
        }
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

function refuse(
  answer: ServerResponse,
  { status, code }: { readonly status: number; readonly code: string },
): void {
  const text = `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code>` +
    "<Message>As ordered</Message></Error><RequestId>1</RequestId></ErrorResponse>";
  answer.writeHead(status, { "content-type": "text/xml" }).end(text);
}
