import { assertEquals, assertThrows } from "@std/assert";

import { compilerFrom, permissionFlags } from "./compile.ts";

function configurationWith(command: string): string {
  return JSON.stringify({ tasks: { run: { command } } });
}

Deno.test("compile: the permissions are those of the task run, and nothing else of it", () => {
  const command = "deno run --no-prompt --allow-net --allow-sys=osRelease,hostname src/main.ts run";
  assertEquals(
    permissionFlags(configurationWith(command)),
    ["--no-prompt", "--allow-net", "--allow-sys=osRelease,hostname"],
  );
});

Deno.test("compile: a task run that cannot be read is refused", () => {
  for (const command of ["deno run src/main.ts run", "deno task other", "deno run -A x.ts run"]) {
    assertThrows(() => permissionFlags(configurationWith(command)), Error, "Cannot read the flags");
  }
});

Deno.test("compile: a compiler and its base come together or not at all", () => {
  assertEquals(compilerFrom({}).environment, {});
  assertEquals(compilerFrom({ COMPILE_DENO: "/deno", COMPILE_DENORT_BIN: "/base" }), {
    deno: "/deno",
    environment: { DENORT_BIN: "/base" },
  });
  assertThrows(() => compilerFrom({ COMPILE_DENO: "/deno" }), Error, "set both");
});
