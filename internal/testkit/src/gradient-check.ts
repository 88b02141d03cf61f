import { add, dot, grads, mul, reshape, sum, type Tensor, tidy } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { randomTensor } from "./tensors.js";
import { use } from "./use.js";

/** How {@link checkGradients} moves and judges. */
export interface GradientCheckOptions {
  /** Step along the random direction; default 1e-2, for inputs of size about 1 in float32. */
  readonly step?: number;
  /** Largest difference relative to the larger of 1 and the derivative; default 2e-3. */
  readonly tolerance?: number;
}

/**
 * Compares the gradient of a weighted sum of `f`'s output with its central difference along a random direction,
 * for each input in turn. The output is weighted by fixed random numbers, so that errors do not cancel.
 */
export async function checkGradients(
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  { step = 1e-2, tolerance = 2e-3 }: GradientCheckOptions = {},
): Promise<void> {
  use(inputs);
  const weights = tidy(() => randomTensor(f(...inputs).shape, 11));
  const loss = (...at: Tensor[]) => tidy(() => sum(mul(f(...at), weights)) as Tensor);
  const gradients = grads((...at: Tensor[]) => loss(...at))([...inputs]);
  for (const [index, gradient] of gradients.entries()) {
    const direction = randomTensor(inputs[index]!.shape, 100 + index);
    const moved = (by: number) =>
      number(() => loss(...inputs.map((input, at) => (at === index ? (add(input, mul(direction, by)) as Tensor) : input))));
    const numeric = (await moved(step)) - (await moved(-step));
    const analytic = await number(() => dot(reshape(gradient, [gradient.size]), reshape(direction, [direction.size])));
    const error = Math.abs(numeric / (2 * step) - analytic) / Math.max(1, Math.abs(analytic));
    expect(error, `input ${index}: derivative ${analytic}, central difference ${numeric / (2 * step)}`).toBeLessThan(tolerance);
    direction.dispose();
  }
  for (const each of [...gradients, weights]) each.dispose();
}

async function number(body: () => Tensor): Promise<number> {
  const result = tidy(body);
  const [value] = await result.data();
  result.dispose();
  return value!;
}
