import { randomNormal, type Tensor2D } from "@tensorflow/tfjs-core";
import { matmul } from "@tfblocks/tensor-utils";
import type { ProductPoint, Timing } from "./figures.js";
import { longestCall } from "./limits.js";
import { timeCalls } from "./timing.js";

const budget = 120;

/** Measures the product of two square matrices of random numbers; undefined if the size before lets expect that it takes too long. */
export function measureProduct(size: number, before: ProductPoint | undefined): ProductPoint | undefined {
  if (before !== undefined && before.time.median * (size / before.size) ** 3 > longestCall) return undefined;
  const random = (seed: number): Tensor2D => randomNormal([size, size], 0, 1, "float32", seed);
  const [a, b] = [random(1), random(2)];
  try {
    const [time] = timeCalls([() => matmul(a, b).dispose()], budget) as [Timing];
    return { size, time, gigaflops: (2 * size ** 3) / (time.median * 1e6) };
  } finally {
    a.dispose();
    b.dispose();
  }
}
