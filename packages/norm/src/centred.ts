import { add, mean, sub, type Tensor } from "@tensorflow/tfjs-core";

/** Rows about their mean. */
export interface Centred {
  /** x - mean, `[..., features]`. */
  readonly apart: Tensor;
  /** `[..., 1]`. */
  readonly middle: Tensor;
}

/**
 * Takes the mean off twice: in float32 the first mean of a row about 1e4 is off by its last digits, which are then the
 * mean of what is left.
 *
 * @param x `[..., features]`, not empty
 */
export function centred(x: Tensor): Centred {
  const rough = mean(x, -1, true);
  const left = sub(x, rough);
  const rest = mean(left, -1, true);
  return { apart: sub(left, rest), middle: add(rough, rest) };
}
