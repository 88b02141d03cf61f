import { backend, ones, sum, type TensorInfo, tidy } from "@tensorflow/tfjs-core";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { AllocationError } from "@tfblocks/tensor-utils";
import { fuzzKernel, fuzzRows, use } from "@tfblocks/testkit";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { setupWasm } from "./index.js";

// Runs in a separate process, because a heap never shrinks. Blocks that are never written use no physical memory.
const gibibyte = 2 ** 28; // float32 numbers
const blocks: TensorInfo[] = [];

beforeAll(async () => {
  await setupWasm({ threads: 2 });
});

afterEach(() => {
  for (const { dataId } of blocks.splice(0)) wasm().disposeData(dataId);
});

describe("with more than 2 GiB in use", () => {
  for (const row of fuzzRows) {
    test(`${row.kernelName} reads and writes at the right addresses`, async () => {
      take(gibibyte, 2);
      const far = wasm().makeOutput([1], "float32");
      blocks.push(far);
      expect(wasm().getMemoryOffset(far.dataId)).toBeGreaterThan(2 ** 31);
      expect(await fuzzKernel(row, "wasm", [1, 2, 3, 4, 5, 6, 7, 8])).toBeUndefined();
    });
  }
});

describe("when the heap of 4 GiB is full", () => {
  test("the next tensor is rejected, the others keep their values, and disposed memory is used again", () => {
    const kept = use(ones([1000]));
    const last = [gibibyte, gibibyte / 16, gibibyte / 256, gibibyte / 4096, 1024].map((count) => takeAll(count));
    expect(last).toEqual(Array.from({ length: 5 }, () => expect.any(AllocationError)));
    expect(() => ones([1024])).toThrow(AllocationError);
    expect(total()).toBeGreaterThan(3.9 * 2 ** 30);
    expect(Array.from(kept.dataSync())).toEqual(Array.from({ length: 1000 }, () => 1));
    wasm().disposeData(blocks.pop()!.dataId);
    wasm().disposeData(blocks.shift()!.dataId);
    const again = use(tidy(() => sum(ones([10, 1000]), 0)));
    expect(Array.from(again.dataSync())).toEqual(Array.from({ length: 1000 }, () => 10));
  });
});

function wasm(): BackendWasm {
  return backend() as BackendWasm;
}

function take(count: number, times: number): void {
  for (let at = 0; at < times; at++) blocks.push(wasm().makeOutput([count], "float32"));
}

/** Allocates blocks of this size until there are no more. */
function takeAll(count: number): unknown {
  try {
    for (;;) take(count, 1);
  } catch (error) {
    return error;
  }
}

function total(): number {
  return blocks.reduce((bytes, { shape }) => bytes + 4 * shape[0]!, 0);
}
