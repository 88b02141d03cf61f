import {
  add,
  argMax,
  dilation2d,
  engine,
  fill,
  isNaN,
  mul,
  oneHot,
  ones,
  pad,
  pow,
  reciprocal,
  squaredDifference,
  type Tensor,
  tensor1d,
  tensor3d,
  tensor4d,
  zeros,
} from "@tensorflow/tfjs-core";
import { use } from "@tfblocks/testkit";
import { expect } from "vitest";

/** Defects of the WASM backend of tfjs in ranks, shapes and types that it does not cover. */
export const shapeDefects: Readonly<Record<string, () => void>> = {
  "tensors of rank 7 are added": () => {
    expect(numbers(use(() => add(ones([1, 1, 1, 1, 1, 1, 2]), 1)))).toEqual([2, 2]);
    const [a, b] = [use(ones([2, 1, 2, 1, 2, 1, 2, 1])), use(ones([1, 2, 1, 2, 1, 2, 1, 2]))];
    expect(numbers(use(() => squaredDifference(a, mul(b, 3))))).toEqual(Array.from({ length: 256 }, () => 4));
  },
  "tensors of rank 7 are padded": () => {
    const padding = Array.from({ length: 7 }, (_, axis) => [0, axis === 6 ? 1 : 0] as [number, number]);
    expect(numbers(use(() => pad(ones([1, 1, 1, 1, 1, 1, 2]), padding)))).toEqual([1, 1, 0]);
  },
  "argMax says that an empty axis has no largest number": () => {
    expect(() => argMax(use(zeros([0])), 0)).toThrow("argMax: x must be of at least one number along axis 0, got [0]");
    expect(use(() => argMax(zeros([0, 3]), 1)).shape).toEqual([0]);
  },
  "functions of floats convert integers": () => {
    expect(numbers(use(() => reciprocal(tensor1d([2, 1, 0], "int32"))))).toEqual([0, 1, 0]);
    expect(numbers(use(() => isNaN(tensor1d([-5, 7], "int32"))))).toEqual([0, 0]);
  },
  "an integer to a negative power is truncated": () => {
    expect(numbers(use(() => pow(tensor1d([0, 2, 3], "int32"), tensor1d([-1, -1, 3], "int32"))))).toEqual([0, 0, 27]);
  },
  "oneHot writes numbers of the type that it was asked for": () => {
    expect(numbers(use(() => oneHot(tensor1d([1], "int32"), 2, 0.5, -0.5, "float32")))).toEqual([-0.5, 0.5]);
  },
  "dilation2d gives negative numbers": () => {
    expect(numbers(use(() => dilation2d(tensor4d([-3], [1, 1, 1, 1]), tensor3d([1], [1, 1, 1]), 1, "valid")))).toEqual([-2]);
  },
  "the gradient of a volume stays within its tensors": () => {
    fill([2048], NaN).dispose(); // what is read beyond
    const [dy, filter] = [use(ones([1, 2, 2, 2, 1])), use(ones([2, 2, 2, 1, 1]))];
    const attrs = { strides: 1, pad: "same", inputShape: [1, 2, 2, 2, 1] };
    expect(numbers(use(engine().runKernel<Tensor>("Conv3DBackpropInputV2", { dy, filter }, attrs)))).toEqual([1, 2, 2, 4, 2, 4, 4, 8]);
  },
};

function numbers(x: Tensor): number[] {
  return Array.from(x.dataSync());
}
