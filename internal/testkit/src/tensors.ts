import { memory, tensor, type Tensor } from "@tensorflow/tfjs-core";
import type { TensorFixture } from "@tfblocks/fixtures";
import { Random } from "@tfblocks/tensor-utils";
import { expect } from "vitest";
import { use } from "./use.js";

/** Element-wise |actual - expected| <= atol + rtol |expected|. */
export interface Tolerance {
  readonly atol: number;
  readonly rtol: number;
}

/** The tolerance of the PyTorch fixtures in float32. */
export const float32Tolerance: Tolerance = { atol: 1e-5, rtol: 1e-5 };

/** A fixture as a tensor, disposed after the test. */
export function fixtureTensor({ shape, dtype, data }: TensorFixture): Tensor {
  return use(tensor(data.map(Number), [...shape] as [number], dtype));
}

/** Seeded standard normal numbers times `scale`, disposed after the test. */
export function randomTensor(shape: readonly number[], seed: number, scale = 1): Tensor {
  const random = new Random(seed);
  const count = shape.reduce((product, size) => product * size, 1);
  const numbers = Float32Array.from({ length: count }, () => scale * random.normal());
  return use(tensor(numbers, [...shape] as [number], "float32"));
}

/** Asserts the shape and every element; NaN equals NaN, infinities equal themselves. Both tensors are disposed after the test. */
export async function expectClose(
  actual: Tensor,
  expected: Tensor | { shape: readonly number[]; data: ArrayLike<number> },
  tolerance: Tolerance = float32Tolerance,
  what = "tensor",
): Promise<void> {
  use([actual, expected]);
  expect(actual.shape, `shape of ${what}`).toEqual([...expected.shape]);
  const [ours, theirs] = [
    await actual.data(),
    "data" in expected && typeof expected.data !== "function" ? expected.data : await (expected as Tensor).data(),
  ];
  const worst = worstElement(ours, theirs as ArrayLike<number>, tolerance);
  expect(
    worst.excess <= 1,
    `${what}[${worst.index}] = ${ours[worst.index]}, expected ${theirs[worst.index as never]} within ${tolerance.atol} + ${tolerance.rtol} relative`,
  ).toBe(true);
}

/** Runs a body and asserts that it left exactly `count` more live tensors (default 0). Its result is disposed after the test. */
export async function expectNewTensors<Result>(body: () => Result | Promise<Result>, count = 0): Promise<Result> {
  const before = memory().numTensors;
  const result = await body();
  expect(memory().numTensors - before, "new live tensors").toBe(count);
  return use(result);
}

function worstElement(ours: ArrayLike<number>, theirs: ArrayLike<number>, { atol, rtol }: Tolerance): { index: number; excess: number } {
  let worst = { index: 0, excess: 0 };
  for (let index = 0; index < theirs.length; index++) {
    const [actual, expected] = [ours[index]!, theirs[index]!];
    if (Object.is(actual, expected) || actual === expected) continue;
    const excess = Math.abs(actual - expected) / (atol + rtol * Math.abs(expected));
    if (Number.isNaN(excess) || excess > worst.excess) worst = { index, excess: Number.isNaN(excess) ? Infinity : excess };
  }
  return worst;
}
