import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { LineSplitter } from "../../../src/kube/line_splitter.ts";

Deno.test("lines come whole and in order, wherever the bytes are cut", () => {
  const anyLine = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) =>
    text.replaceAll("\n", " ")
  );
  fc.assert(
    fc.property(fc.array(anyLine), fc.array(fc.nat(60)), (lines, cuts) => {
      const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
      const got: string[] = [];
      const splitter = new LineSplitter((line) => got.push(line));
      let start = 0;
      for (const cut of cuts) {
        // The chunk's memory is used again afterwards, as a runtime may do.
        const chunk = bytes.slice(start, start + cut);
        splitter.push(chunk);
        chunk.fill(0);
        start += cut;
      }
      splitter.push(bytes.slice(start));
      assertEquals(got, lines.filter((line) => line !== ""));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("what has no end yet is not a line", () => {
  const got: string[] = [];
  const splitter = new LineSplitter((line) => got.push(line));
  splitter.push(new TextEncoder().encode("one\ntw"));
  assertEquals(got, ["one"]);
});

Deno.test("a line of 16 MiB is read, one byte more is refused", () => {
  const mebibyte = new Uint8Array(1024 * 1024).fill(0x61);
  let length = 0;
  const splitter = new LineSplitter((line) => length = line.length);
  for (let part = 0; part < 16; part++) splitter.push(mebibyte);
  assertThrows(() => splitter.push(new Uint8Array([0x61])), RangeError, "longer than");

  const exact = new LineSplitter((line) => length = line.length);
  for (let part = 0; part < 16; part++) exact.push(mebibyte);
  exact.push(new Uint8Array([0x0a]));
  assertEquals(length, 16 * 1024 * 1024);
});
