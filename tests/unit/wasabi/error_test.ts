/**
 * What each answer of the service means, through the SDK that reads it.
 */
import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import {
  ProviderError,
  type ProviderErrorKind,
  providerErrorOf,
} from "../../../src/wasabi/error.ts";
import { getTags, listBuckets } from "../../../src/wasabi/s3.ts";
import { settingsFor, startService, startSession } from "./fixture.ts";

type About = "object" | "provider";

const CODES: readonly (readonly [number, string, ProviderErrorKind, boolean, About])[] = [
  // status, code, kind, may be sent again, concerns
  [400, "AuthorizationHeaderMalformed", "WrongRegion", false, "object"],
  [400, "BadDigest", "Invalid", false, "object"],
  [400, "InvalidDigest", "Invalid", false, "object"],
  [400, "XAmzContentSHA256Mismatch", "Invalid", false, "object"],
  [400, "EncryptionNotAllowed", "Invalid", false, "object"],
  [400, "InvalidAction", "Unsupported", false, "object"],
  [403, "InvalidClientTokenId", "WrongKey", false, "provider"],
  [404, "NoSuchEntity", "NotFound", false, "object"],
  [404, "NoSuchEntityException", "NotFound", false, "object"],
  [409, "EntityAlreadyExists", "AlreadyExists", false, "object"],
  [409, "LimitExceeded", "LimitExceeded", false, "object"],
  [409, "DeleteConflict", "DeleteConflict", false, "object"],
  [409, "EntityTemporarilyUnmodifiable", "ServerError", true, "object"],
  [400, "InvalidBucketName", "Invalid", false, "object"],
  [400, "IllegalLocationConstraintException", "WrongRegion", false, "object"],
  [400, "InvalidLocationConstraint", "WrongRegion", false, "object"],
  [400, "InvalidToken", "WrongToken", false, "provider"],
  [400, "ExpiredToken", "WrongToken", false, "provider"],
  [403, "AccessDenied", "AccessDenied", false, "object"],
  [403, "AccessForbidden", "AccessDenied", false, "object"],
  [403, "AllAccessDisabled", "AccessDenied", false, "object"],
  [403, "AccountNotActivated", "AccountProblem", false, "provider"],
  [403, "AccountProblem", "AccountProblem", false, "provider"],
  [403, "AuthenticationLockout", "Lockout", false, "provider"],
  [403, "InvalidAccessKeyId", "WrongKey", false, "provider"],
  [403, "SignatureDoesNotMatch", "WrongSecret", false, "provider"],
  [403, "InvalidObjectState", "AccessDenied", false, "object"],
  [403, "RequestRateLimitExceeded", "Throttled", true, "object"],
  [400, "RequestRateLimitExceeded", "Throttled", true, "object"],
  [403, "RequestTimeTooSkewed", "ClockSkew", false, "provider"],
  [404, "NoSuchBucket", "NotFound", false, "object"],
  [405, "MethodNotAllowed", "Unsupported", false, "object"],
  [409, "BucketAlreadyExists", "NameTaken", false, "object"],
  [409, "BucketAlreadyOwnedByYou", "OwnedByYou", false, "object"],
  [409, "BucketNotEmpty", "NotEmpty", false, "object"],
  [409, "OperationAborted", "Invalid", false, "object"],
  [429, "SomethingNew", "Throttled", true, "object"],
  [500, "InternalError", "ServerError", true, "object"],
  [501, "NotImplemented", "Unsupported", false, "object"],
  [503, "SlowDown", "Throttled", true, "object"],
  [503, "Unavailable", "ServerError", true, "object"],
  [301, "PermanentRedirect", "WrongRegion", false, "object"],
  [307, "TemporaryRedirect", "WrongRegion", false, "object"],
];

Deno.test("every code of the service has the meaning of the table", async () => {
  await using stage = await startService();
  for (const [status, code, kind, transient, about] of CODES) {
    stage.service.faults.inject({ effect: { kind: "error", status, code, region: "eu-west-1" } });
    // deno-lint-ignore no-await-in-loop
    const error = await assertRejects(() => listBuckets(stage.s3), ProviderError);
    assertEquals(
      [error.code, error.httpStatus, error.kind, error.transient, error.aboutProvider],
      [code, status, kind, transient, about === "provider"],
    );
    assertEquals(error.operation, "ListBuckets");
  }
});

Deno.test("the region that the service names is kept", async () => {
  await using stage = await startService();
  const effect = { status: 400, code: "AuthorizationHeaderMalformed", region: "eu-west-1" };
  stage.service.faults.inject({ effect: { kind: "error", ...effect } });
  const error = await assertRejects(() => listBuckets(stage.s3), ProviderError);
  assertEquals(error.region, "eu-west-1");
});

Deno.test("a bucket without tags is no error", async () => {
  await using stage = await startService();
  const effect = { kind: "error", status: 404, code: "NoSuchTagSet" } as const;
  stage.service.faults.inject({ effect });
  assertEquals(await getTags(stage.s3, "bucket"), {});
});

const PAGES = ["<html><body>Blocked<br></body></html>", "<html><body>Blocked</body></html>", ""];

for (
  const [status, kind] of [
    [200, "Invalid"],
    [403, "Invalid"],
    [404, "Invalid"],
    [429, "Throttled"],
    [502, "ServerError"],
  ] as const
) {
  Deno.test(`a page of something else than S3 with ${status} is ${kind} and proves nothing`, async () => {
    let page = "";
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      () => new Response(page, { status, headers: { "content-type": "text/html" } }),
    );
    {
      using stage = startSession(settingsFor(`http://127.0.0.1:${server.addr.port}`));
      for (page of PAGES) {
        // deno-lint-ignore no-await-in-loop
        const error = await assertRejects(() => listBuckets(stage.s3), ProviderError);
        assertEquals([error.kind, error.code, error.httpStatus], [kind, "NotAnS3Answer", status]);
      }
    }
    await server.shutdown();
  });
}

/** A server on the level of TCP. */
function listen(onConnection: (connection: Deno.Conn) => unknown) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      onConnection(connection);
    }
  })().catch(() => {});
  return {
    port: listener.addr.port,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of connections) {
        try {
          connection.close();
        } catch {
          // Closed by the test already.
        }
      }
      await accepting;
    },
  };
}

const CONNECT_TIMEOUT_MS = 200;

async function failureAt(
  endpoint: string,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
): Promise<ProviderError> {
  using stage = startSession(settingsFor(endpoint), { connectTimeoutMs });
  const error = await assertRejects(() => listBuckets(stage.s3), ProviderError);
  // The SDK leaves the timer of a connection that failed to run out.
  await new Promise((resolve) => setTimeout(resolve, connectTimeoutMs + 50));
  return error;
}

Deno.test("a port where nothing listens is a refused connection", async () => {
  const { port } = await closedPort();
  const error = await failureAt(`http://127.0.0.1:${port}`);
  assertEquals([error.kind, error.httpStatus, error.aboutProvider], ["ConnectionRefused", 0, true]);
  assertEquals(
    error.message,
    `Cannot reach 127.0.0.1:${port} for ListBuckets: the connection was refused`,
  );
});

Deno.test("a server that hangs up is a lost connection", async () => {
  await using server = listen((connection) => connection.close());
  assertEquals((await failureAt(`http://127.0.0.1:${server.port}`)).kind, "ConnectionLost");
});

Deno.test("a server that stays silent is a timeout", async () => {
  await using server = listen(() => {});
  assertEquals((await failureAt(`http://127.0.0.1:${server.port}`)).kind, "Timeout");
});

Deno.test("a host name that does not resolve is a DNS failure", async () => {
  assertEquals((await failureAt("http://s3.nowhere.invalid")).kind, "DnsFailure");
});

Deno.test("TLS to a port that does not speak it is a TLS failure", async () => {
  await using server = listen(async (connection) => {
    await connection.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
  });
  // The handshake takes its time on a busy machine, and fails only after the answer was read.
  const error = await failureAt(`https://127.0.0.1:${server.port}`, 3_000);
  assertEquals(error.kind, "TlsFailure");
});

Deno.test("an abort by the caller is passed on as it is", () => {
  const abort = new DOMException("stop", "AbortError");
  const call = { operation: "ListBuckets", host: "h" };
  assertStrictEquals(providerErrorOf(abort, call), abort);
});

async function closedPort(): Promise<{ readonly port: number }> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await Promise.resolve();
  return { port };
}
