import { add, mean, sub, type Tensor } from "@tensorflow/tfjs-core";

/** The mean of each row, and the row's deviations from it. */
export interface Centred {
  /** x - mean, `[..., features]`. */
  readonly deviations: Tensor;
  /** `[..., 1]`. */
  readonly rowMean: Tensor;
}

/**
 * Subtracts the mean twice. In float32 the first mean of a row of numbers around 1e4 is wrong in its last digits; the
 * mean of the first deviations is that error.
 *
 * @param x `[..., features]`, not empty
 */
export function centred(x: Tensor): Centred {
  const firstMean = mean(x, -1, true);
  const firstDeviations = sub(x, firstMean);
  const correction = mean(firstDeviations, -1, true);
  return { deviations: sub(firstDeviations, correction), rowMean: add(firstMean, correction) };
}
