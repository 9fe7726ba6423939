import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Heap } from "../../../src/queue/heap.ts";

Deno.test("a heap gives numbers back in order, whatever the order of pushes and pops", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), (steps) => {
      const heap = new Heap<number>((left, right) => left < right);
      const held: number[] = [];
      for (const step of steps) {
        if (step !== null) {
          heap.push(step);
          held.push(step);
          held.sort((left, right) => left - right);
        } else {
          assertEquals(heap.peek(), held[0]);
          assertEquals(heap.pop(), held.shift());
        }
        assertEquals(heap.size, held.length);
      }
      while (held.length > 0) assertEquals(heap.pop(), held.shift());
      assertEquals(heap.pop(), undefined);
    }),
  );
});
