import { backend, memory, ones, type Tensor, tidy, zeros } from "@tensorflow/tfjs-core";
import { AllocationError } from "@tfblocks/tensor-utils";
import { type FuzzCase, fuzzRows, FuzzSource, fuzzTensors, startWasm, use } from "@tfblocks/testkit";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { beforeAll, describe, expect, test } from "vitest";
import { guardMalloc } from "./tfjs/guard-backend.js";
import type { TfjsModule } from "./tfjs/tfjs-module.js";

beforeAll(async () => {
  await startWasm({ threads: 2 });
});

describe("when the heap is exhausted", () => {
  for (const row of fuzzRows) {
    test(`${row.kernelName} throws an AllocationError, leaks nothing and works again`, () => {
      for (let seed = 0; seed < 8; seed++) failAtEachAllocation(row.make(new FuzzSource(row.kernelName, seed)));
    });
  }

  test("a tensor over 2^31 - 1 bytes is rejected", () => {
    const before = held();
    expect(() => zeros([2 ** 29])).toThrow(AllocationError);
    expect(() => zeros([2 ** 30])).toThrow(AllocationError);
    expect(held()).toEqual(before);
    const small = use(ones([3]));
    expect(Array.from(small.dataSync())).toEqual([1, 1, 1]);
  });
});

/** Fails the first allocation of a call, then the second, and so on until the call makes no more. */
function failAtEachAllocation({ inputs, run }: FuzzCase): void {
  tidy(() => {
    const tensors = fuzzTensors(inputs);
    const results = () => tidy(() => [run(tensors)].flat().map((each) => Array.from((each as Tensor).dataSync())) as never) as unknown;
    const wanted = results();
    const before = held();
    for (let at = 1; ; at++) {
      const failure = withFailingAllocation(at, results);
      if (failure === undefined) break;
      expect(failure).toBeInstanceOf(AllocationError);
      expect(held(), `after a failure of allocation ${at}`).toEqual(before);
    }
    expect(results()).toEqual(wanted);
  });
}

/** The error of a function when the n-th allocation of tfjs fails; undefined when it makes fewer. */
function withFailingAllocation(nth: number, body: () => void): unknown {
  const module = (backend() as BackendWasm).wasm as TfjsModule;
  const guarded = Object.getOwnPropertyDescriptor(module, "_malloc")!;
  const allocate = module._malloc.bind(module);
  let left = nth + 1; // the guard itself allocates first
  module._malloc = (bytes) => (--left === 0 ? 0 : allocate(bytes));
  guardMalloc(module);
  try {
    body();
    return undefined;
  } catch (error) {
    return error;
  } finally {
    Object.defineProperty(module, "_malloc", guarded);
  }
}

function held(): { tensors: number; buffers: number } {
  return { tensors: memory().numTensors, buffers: (backend() as BackendWasm).numDataIds() };
}
