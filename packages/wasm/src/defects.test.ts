import {
  all,
  any,
  backend,
  cast,
  clipByValue,
  cumprod,
  cumsum,
  engine,
  fill,
  floorDiv,
  fused,
  gather,
  gatherND,
  image,
  matMul,
  max,
  maximum,
  mean,
  min,
  minimum,
  mod,
  neg,
  ones,
  prelu,
  prod,
  relu6,
  removeBackend,
  reshape,
  reverse,
  scatterND,
  Select,
  sparseToDense,
  stridedSlice,
  sum,
  tensor,
  type Tensor,
  tensor1d,
  tensor2d,
  tensor3d,
  tensor4d,
  tensorScatterUpdate,
  where,
  zeros,
} from "@tensorflow/tfjs-core";
import { allowLeaks, startWasm, use } from "@tfblocks/testkit";
import { ValueError } from "@tfblocks/tensor-utils";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { KernelChoice } from "./index.js";
import { shapeDefects } from "./testing/shape-defects.js";

/** Defects of the WASM backend of tfjs: each case fails on it and passes with our kernels. */
const defects: Readonly<Record<string, () => void>> = {
  "where selects booleans without writing past them": () => {
    const [a, b] = [use(fill([17, 9], 1, "bool")), use(fill([17, 9], 0, "bool"))];
    const neighbours = use(Array.from({ length: 8 }, () => fill([153], 1, "bool")));
    const condition = use(
      tensor(
        Uint8Array.from({ length: 153 }, (_, at) => at % 2),
        [17, 9],
        "bool",
      ),
    );
    expect(numbers(use(where(condition, a, b)))).toEqual(numbers(condition));
    for (const each of neighbours) expect(numbers(each)).toEqual(Array.from({ length: 153 }, () => 1));
  },
  "where accepts numbers of two types": () => {
    expect(numbers(use(() => where([true, false], tensor1d([1.5, 2.5]), tensor1d([3, 4], "int32"))))).toEqual([1.5, 4]);
  },
  "a condition of rank 1 applies to rows of booleans": () => {
    const [condition, t, e] = [use(tensor1d([0, 1], "bool")), use(fill([2, 17], 1, "bool")), use(fill([2, 17], 0, "bool"))];
    const chosen = use(engine().runKernel(Select, { condition, t, e })) as Tensor;
    expect(numbers(chosen)).toEqual([...numbers(use(zeros([17]))), ...numbers(use(ones([17])))]);
  },
  "gather with batch dimensions gathers within each batch element": () => {
    const x = use(
      tensor(
        Int32Array.from({ length: 42 }, (_, at) => at),
        [2, 7, 3],
        "int32",
      ),
    );
    const picked = use(() => gather(x, tensor2d([0, 1], [2, 1], "int32") as never, 2, 1));
    expect(numbers(picked)).toEqual([0, 3, 6, 9, 12, 15, 18, 22, 25, 28, 31, 34, 37, 40]);
  },
  "gather of an empty tensor leaks nothing": () => {
    const before = use(backend()).numDataIds();
    const [x, indices] = [use(zeros([5, 1, 0])), use(zeros([2], "int32"))];
    const picked = use(gather(x, indices as never, 1));
    for (const each of [x, indices, picked]) each.dispose();
    expect(use(backend()).numDataIds()).toBe(before);
  },
  "cumsum accepts a negative axis": () => {
    expect(numbers(use(() => cumsum(tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), -1)))).toEqual([1, 3, 6, 4, 9, 15]);
    expect(numbers(use(() => cumsum(tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), -2, true, true)))).toEqual([4, 5, 6, 0, 0, 0]);
  },
  "cumprod accepts a negative axis": () => {
    expect(numbers(use(() => cumprod(tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), -1)))).toEqual([1, 2, 6, 4, 20, 120]);
    expect(use(() => cumprod(tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), -2)).shape).toEqual([2, 3]);
  },
  "cumsum of booleans counts them": () => {
    expect(numbers(use(() => cumsum(tensor1d([1, 0, 1], "bool"), 0)))).toEqual([1, 1, 2]);
  },
  "cast makes every number but 0 true": () => {
    expect(numbers(use(() => cast(tensor1d([0.5, -0.25, 0, NaN, 256]), "bool")))).toEqual([1, 1, 0, 1, 1]);
    expect(numbers(use(() => cast(tensor1d([256, -1, 0], "int32"), "bool")))).toEqual([1, 1, 0]);
  },
  "clipByValue keeps NaN": () => {
    expect(numbers(use(() => clipByValue(tensor1d([NaN, -3, 0.5, 3, NaN]), -1, 1)))).toEqual([NaN, -1, 0.5, 1, NaN]);
  },
  "clipByValue clips integers": () => {
    expect(numbers(use(() => clipByValue(tensor1d([-7, 0, 2, 9], "int32"), -1, 2)))).toEqual([-1, 0, 2, 2]);
  },
  "relu6 keeps NaN": () => {
    expect(numbers(use(() => relu6(tensor1d([NaN, -3, 0.5, 9, NaN]))))).toEqual([NaN, 0, 0.5, 6, NaN]);
  },
  "maximum and minimum give NaN for NaN on either side": () => {
    const [a, b] = [use(tensor1d([NaN, 1, 2, 3])), use(tensor1d([1, NaN, 1, 4]))];
    expect(numbers(use(maximum(a, b)))).toEqual([NaN, NaN, 2, 4]);
    expect(numbers(use(minimum(a, b)))).toEqual([NaN, NaN, 1, 3]);
    expect(numbers(use(() => maximum(tensor1d([1]), tensor1d([NaN, 2]))))).toEqual([NaN, 2]);
  },
  "scatterND rejects indices outside its shape": () => {
    expect(() => scatterND(use(tensor2d([5], [1, 1], "int32")), use(tensor1d([1])), [4])).toThrow(ValueError);
    expect(() => scatterND(use(tensor2d([-1], [1, 1], "int32")), use(tensor1d([1])), [4])).toThrow(ValueError);
  },
  "scatterND rejects a coordinate that would fall into another row": () => {
    expect(() => scatterND(use(tensor2d([0, 3], [1, 2], "int32")), use(tensor1d([1])), [2, 3])).toThrow(ValueError);
  },
  "tensorScatterUpdate rejects indices outside its tensor": () => {
    expect(() => tensorScatterUpdate(use(tensor1d([1, 2, 3])), use(tensor2d([3], [1, 1], "int32")), use(tensor1d([9])))).toThrow(
      ValueError,
    );
  },
  "sparseToDense rejects indices outside its shape": () => {
    expect(() => sparseToDense(use(tensor1d([0, 4], "int32")), use(tensor1d([1, 2])), [4], 0)).toThrow(ValueError);
  },
  "sparseToDense accepts strings": () => {
    const dense = use(() => sparseToDense(tensor1d([2, 0], "int32"), tensor1d(["c", "a"]), [3], "-" as never));
    expect(Array.from(dense.dataSync<"string">())).toEqual(["a", "-", "c"]);
  },
  "gatherND rejects indices outside its tensor": () => {
    expect(() => gatherND(use(tensor1d([1, 2, 3])), use(tensor2d([3], [1, 1], "int32")))).toThrow(ValueError);
    expect(() => gatherND(use(tensor2d([1, 2, 3, 4], [2, 2])), use(tensor2d([0, 2], [1, 2], "int32")))).toThrow(ValueError);
  },
  "gatherND accepts strings": () => {
    const picked = use(() => gatherND(tensor1d(["a", "b", "c"]) as Tensor, tensor2d([2, 0], [2, 1], "int32")));
    expect(Array.from(picked.dataSync<"string">())).toEqual(["c", "a"]);
  },
  "cropAndResize rejects a box of an image that does not exist": () => {
    const pixels = use(tensor4d([1, 2, 3, 4], [1, 2, 2, 1]));
    expect(() => image.cropAndResize(pixels, use(tensor2d([0, 0, 1, 1], [1, 4])), use(tensor1d([7], "int32")), [2, 2])).toThrow(ValueError);
  },
  "a sum of a million tenths is exact to the last digit": () => {
    const tenths = use(fill([2 ** 20], 0.1));
    expect(numbers(use(sum(tenths)))).toEqual([Math.fround(2 ** 20 * Math.fround(0.1))]);
    expect(numbers(use(mean(tenths)))).toEqual([Math.fround(0.1)]);
    expect(numbers(use(() => sum(reshape(tenths, [2 ** 16, 16]), 0)))).toEqual(
      Array.from({ length: 16 }, () => Math.fround(2 ** 16 * Math.fround(0.1))),
    );
  },
  "reductions of empty tensors agree with the CPU backend": () => {
    for (let at = 0; at < 8; at++) fill([5], 7).dispose(); // stale numbers where the results will be
    expect(numbers(use(() => sum(zeros([5, 0]), 1)))).toEqual([0, 0, 0, 0, 0]);
    expect(numbers(use(() => prod(zeros([5, 0]), 1)))).toEqual([1, 1, 1, 1, 1]);
    expect(numbers(use(() => max(zeros([5, 0]), 1)))).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(numbers(use(() => min(zeros([0, 3, 5]), [0, 1])))).toEqual([NaN, NaN, NaN, NaN, NaN]);
    expect(numbers(use(() => all(zeros([5, 0], "bool"), 1)))).toEqual([0, 0, 0, 0, 0]);
    expect(numbers(use(() => any(zeros([5, 0], "bool"), 1)))).toEqual([0, 0, 0, 0, 0]);
  },
  "neg is exact for integers": () => {
    expect(numbers(use(() => neg(tensor1d([50_000_005, -7], "int32"))))).toEqual([-50_000_005, 7]);
  },
  "floorDiv is exact for integers, and gives 0 for a division by 0": () => {
    const [a, b] = [use(tensor1d([60_000_006, 7, -7, 5], "int32")), use(tensor1d([-1, 2, 2, 0], "int32"))];
    expect(numbers(use(floorDiv(a, b)))).toEqual([-60_000_006, 3, -4, 0]);
  },
  "mod of integers by 0 is 0": () => {
    expect(numbers(use(() => mod(tensor1d([7, -7, 5], "int32"), tensor1d([2, 2, 0], "int32"))))).toEqual([1, 1, 0]);
  },
  "prelu broadcasts its slopes by dimension": () => {
    const x = use(tensor3d([-1, -1, -1, -1, -1, -1], [1, 3, 2]));
    expect(numbers(use(() => prelu(x, tensor3d([1, 2, 3], [1, 3, 1]))))).toEqual([-1, -1, -2, -2, -3, -3]);
  },
  "reverse works on booleans": () => {
    expect(numbers(use(() => reverse(tensor1d([1, 1, 0, 0, 0, 1, 0, 0], "bool"), 0)))).toEqual([0, 0, 1, 0, 0, 0, 1, 1]);
  },
  "an empty strided slice keeps its type": () => {
    expect(use(() => stridedSlice(tensor1d([1, 2, 3], "int32"), [2], [2], [2])).dtype).toBe("int32");
  },
  "a strided slice of booleans keeps their values": () => {
    expect(numbers(use(() => stridedSlice(tensor1d([1, 0, 1, 1, 0], "bool"), [0], [5], [2])))).toEqual([1, 1, 0]);
  },
  "fused.matMul adds its bias once to each row of each batch element": () => {
    const [a, b] = [use(ones([2, 2, 100])), use(ones([2, 100, 3]))];
    const product = use(() => fused.matMul({ a, b, bias: tensor1d([1, 2, 3]) } as never));
    expect(numbers(product)).toEqual([101, 102, 103, 101, 102, 103, 101, 102, 103, 101, 102, 103]);
  },
  "a weight can be multiplied in two shapes": () => {
    const weight = use(
      tensor(
        Float32Array.from({ length: 4096 }, (_, at) => Math.floor(at / 64)),
        [64, 64],
      ),
    );
    use(() => matMul(ones([1, 64]), weight as never));
    const other = use(() => matMul(ones([1, 32]), reshape(weight, [32, 128]) as never));
    expect(numbers(other).slice(0, 2)).toEqual([992, 992]);
    expect(numbers(other).slice(64, 66)).toEqual([1024, 1024]);
  },
  "batch dimensions broadcast one by one": () => {
    const [a, b] = [use(tensor4d([1, 2], [2, 1, 1, 1])), use(tensor4d([1, 2, 3, 4, 5, 6], [2, 3, 1, 1]))];
    expect(numbers(use(matMul(a, b)))).toEqual([1, 2, 3, 8, 10, 12]);
  },
};

const allDefects = { ...defects, ...shapeDefects };

function numbers(x: Tensor): number[] {
  return Array.from(x.dataSync());
}

/** A new backend for each case, because a defect may leave the last one unusable. */
async function restart(kernels: KernelChoice): Promise<void> {
  try {
    if (engine().registry["wasm"] !== undefined) removeBackend("wasm");
  } catch {
    delete engine().registry["wasm"];
    delete engine().registryFactory["wasm"];
  }
  await startWasm({ threads: 1, kernels });
}

afterAll(() => restart("off"));

for (const kernels of ["repair", "fast"] as const) {
  describe(`with kernels: "${kernels}"`, () => {
    beforeEach(() => restart(kernels));
    for (const [title, check] of Object.entries(allDefects)) test(title, check);
  });
}

describe("the kernels of tfjs still fail", () => {
  beforeEach(allowLeaks); // tfjs leaks when its kernels throw
  beforeEach(() => void vi.spyOn(console, "warn").mockImplementation(() => {})); // and warns of ranks that it does not cover
  beforeEach(() => restart("off"));
  for (const [title, check] of Object.entries(allDefects)) test(title, () => expect(check).toThrow(/./));
});
