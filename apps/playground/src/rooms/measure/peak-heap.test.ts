import { expect, test } from "vitest";
import { peakHeap } from "./peak-heap.js";

test("counts what is held at the same time, and puts the allocator back", () => {
  let next = 8;
  const heap = { _malloc: () => (next += 8), _free: () => {} };
  const before = { ...heap };
  const held = heap._malloc();
  const peak = peakHeap(heap as never, () => {
    const allocate = heap._malloc as (bytes: number) => number;
    const free = heap._free as (address: number) => void;
    const first = allocate(100);
    free(held); // was there before
    allocate(20);
    free(first);
    allocate(50);
  });
  expect(peak).toBe(120);
  expect(heap).toEqual(before);
});
