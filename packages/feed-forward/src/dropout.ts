import { mul, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkRate, checkSeed, checkTensor, own, scope, threefry2x32, withGradient } from "@tfblocks/tensor-utils";

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** Probability of dropping a number, 0 <= rate < 1. */
  readonly rate: number;
  /** An integer from 0 to 2^32 - 1. The same seed drops the same elements. */
  readonly seed: number;
}

/**
 * Inverted dropout: each element becomes 0 with probability `rate`, and x / (1 - rate) otherwise, so that the mean does not
 * change. Source: Srivastava et al. 2014.
 *
 * Counter-based: whether an element is dropped depends only on the seed, the rate and its index in the flattened tensor.
 * The same seed therefore drops the same elements on every backend and in the backward pass. Threefry-2x32 with 13 rounds,
 * key (seed, 1) and counter i gives two words, for elements 2i and 2i + 1; an element is dropped when its word is
 * < rate · 2^32. Attention's `dropoutFactors` uses key (seed, 0). A dropped NaN remains NaN.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws ValueError when the rate is outside [0, 1), the seed is not an integer from 0 to 2^32 - 1, or an option is unknown
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  const { rate, seed } = checkOptions("dropout", options, { rate: true, seed: true });
  checkRate("dropout", "rate", rate);
  checkSeed("dropout", seed);
  checkTensor("dropout", "x", x);
  if (rate === 0 || x.size === 0) return own(x);
  return scope(() => scaledBy(x, tensor(dropoutFactors(x.size, rate, seed), x.shape as [number])));
}

/** x · factors; the factors have no gradient. */
function scaledBy(x: Tensor, factors: Tensor): Tensor {
  return withGradient(
    [x],
    () => ({ value: mul(x, factors), saved: [factors] }),
    (gradient, saved) => [mul(gradient, saved!)],
  );
}

/** The factors of `count` elements: 0 for a dropped one, 1 / (1 - rate) for any other. */
function dropoutFactors(count: number, rate: number, seed: number): Float32Array {
  const factors = new Float32Array(count);
  const words = new Uint32Array(2);
  const [threshold, scale] = [rate * 2 ** 32, 1 / (1 - rate)];
  for (let index = 0; index < count; index++) {
    if (index % 2 === 0) threefry2x32(words, seed, 1, index / 2, 0, 13);
    factors[index] = words[index % 2]! < threshold ? 0 : scale;
  }
  return factors;
}
