import { memory, ones } from "@tensorflow/tfjs-core";
import { backendNames, expectClose, resources, use, useBackend } from "@tfblocks/testkit";
import { beforeAll, describe, expect, it } from "vitest";
import { guardAllocation, maxTensorBytes } from "./allocation.js";
import { AllocationError } from "./errors.js";
import { Linear } from "./linear.js";
import { matmul } from "./matmul.js";
import { unsetRandom } from "./random.js";

const gigabyte = [2 ** 28];

describe.each(backendNames.map((name) => [name]))("guardAllocation on %s", (backend) => {
  beforeAll(() => useBackend(backend));

  it("accepts tensors that fit, including empty ones, and allocates nothing", () => {
    guardAllocation("attention", { weights: [2, 3], none: [0, 7], scalar: [] });
    guardAllocation("attention", {});
  });

  it("rejects a tensor of more than 2^31 - 1 bytes, also when its size wraps around", () => {
    expect(() => guardAllocation("attention", { weights: [8, 2 ** 13, 2 ** 13] })).toThrow(AllocationError);
    expect(() => guardAllocation("attention", { weights: [2 ** 15, 2 ** 15] })).toThrow(`got ${2 ** 32} bytes`);
    expect(() => guardAllocation("attention", { weights: [2 ** 29 - 1] })).not.toThrow(String(maxTensorBytes));
  });
});

describe("guardAllocation", () => {
  it("names the tensor, its shape and both sizes", () => {
    expect(() => guardAllocation("attention", { weights: [1, 8, 2 ** 13, 2 ** 13] })).toThrowErrorMatchingInlineSnapshot(
      `[AllocationError: attention: weights [1, 8, 8192, 8192] must be at most 2147483647 bytes, got 2147483648 bytes; use a shorter sequence, fewer heads or a smaller batch]`,
    );
  });
});

describe("guardAllocation on a WASM heap", () => {
  beforeAll(() => useBackend("wasm"));

  it("rejects more than the 4 GiB of the heap without growing it", () => {
    const before = resources();
    const request = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, gigabyte]));
    expect(() => guardAllocation("attention", request)).toThrow(
      "attention: a [268435456] and b [268435456] and c [268435456] and d [268435456] must be within",
    );
    expect(resources()).toEqual(before);
  });

  it("does not count parameters without numbers, which take no memory", () => {
    const sizes = { inFeatures: 2 ** 14, outFeatures: 2 ** 14, random: unsetRandom };
    const unset = Array.from({ length: 4 }, () => use(new Linear(sizes))); // 4 GiB of float32
    expect(memory().numBytes).toBeGreaterThan(2 ** 32);
    guardAllocation("attention", { weights: [2 ** 20] });
    expect(unset.length).toBe(4);
  });

  it("rejects what the heap cannot allocate even below 4 GiB, and the heap stays usable", async () => {
    const before = memory().numTensors;
    const halves = { left: [2 ** 29 - 1], right: [2 ** 29 - 1] }; // 8 bytes under 4 GiB together
    expect(() => guardAllocation("attention", halves)).toThrow(AllocationError);
    expect(() => guardAllocation("attention", halves)).toThrow(AllocationError);
    expect(memory().numTensors).toBe(before);
    guardAllocation("attention", { weights: [2 ** 20] });
    const [a, b] = [use(ones([64, 32])), use(ones([32, 48]))];
    await expectClose(matmul(a, b), { shape: [64, 48], data: new Float32Array(64 * 48).fill(32) });
  });
});
