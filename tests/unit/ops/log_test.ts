import { assertEquals } from "@std/assert";
import { type Logger, startLog, stopLog } from "../../../src/ops/log.ts";
import { Redactor } from "../../../src/ops/redact.ts";

/** What `write` logs, each line parsed. */
async function linesOf(
  write: (log: Logger) => void,
  level: "debug" | "info" = "info",
): Promise<readonly Record<string, unknown>[]> {
  const lines: string[] = [];
  const redactor = new Redactor();
  redactor.add("top-secret-value");
  const log = await startLog({ level, redactor, write: (line) => lines.push(line) });
  write(log);
  await stopLog();
  return lines.map((line) => JSON.parse(line));
}

Deno.test("each line is one JSON object with time, level, message and fields", async () => {
  const [line] = await linesOf((log) => log.with({ key: "ns/a" }).info("Started", { n: 1 }));
  const { time, ...rest } = line!;
  assertEquals(rest, { level: "info", message: "Started", key: "ns/a", n: 1 });
  assertEquals(Number.isNaN(Date.parse(String(time))), false);
});

Deno.test("braces, line ends and quotes of a message arrive as they are", async () => {
  const message = 'a {b} {{c}} {key}\n"quoted"';
  const [line] = await linesOf((log) => log.info(message, { key: "value" }));
  assertEquals(line!["message"], message);
});

Deno.test("lines below the level are not written", async () => {
  const lines = await linesOf((log) => {
    log.debug("no");
    log.warning("yes");
  });
  assertEquals(lines.map((line) => line["message"]), ["yes"]);
  const all = await linesOf((log) => log.debug("yes"), "debug");
  assertEquals(all.length, 1);
});

Deno.test("an error shows its name and message", async () => {
  const [line] = await linesOf((log) => log.error("Failed", { error: new TypeError("boom") }));
  const { name, message } = line!["error"] as Record<string, string>;
  assertEquals([name, message], ["TypeError", "boom"]);
});

Deno.test("a secret is hidden in message, fields and errors", async () => {
  const secret = "top-secret-value";
  const [line] = await linesOf((log) =>
    log.info(`with ${secret}`, { field: secret, error: new Error(secret) })
  );
  assertEquals(JSON.stringify(line).includes(secret), false);
});

Deno.test("a field cannot take the place of time, level or message", async () => {
  const [line] = await linesOf((log) => log.info("Real", { message: "fake", level: "fatal" }));
  assertEquals([line!["message"], line!["level"]], ["Real", "info"]);
});
