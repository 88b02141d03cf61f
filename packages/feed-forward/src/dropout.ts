import { mul, type Tensor, tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkRate, checkSeed, checkTensor, own, scope, threefry2x32, withGradient } from "@tfblocks/tensor-utils";

/** Rate and seed of {@link dropout}. */
export interface DropoutOptions {
  /** Probability of dropping a number, 0 <= rate < 1. */
  readonly rate: number;
  /** Any integer from 0 to 2^32 - 1; the same seed drops the same cells. */
  readonly seed: number;
}

/**
 * Inverted dropout: each number becomes 0 with probability `rate`, and x / (1 - rate) otherwise, which keeps the mean.
 *
 * Counter-based: whether a cell is dropped depends on the seed, its index in the flattened tensor and the rate alone, so
 * the same seed drops the same cells on every backend and in the backward pass. Cells 2i and 2i + 1 are dropped when
 * their words < rate 2^32, the two words of Threefry-2x32 of 13 rounds with key (seed, 1) and counter i; key (seed, 0)
 * is that of attention's `dropoutFactors`. A NaN that is dropped stays NaN. Source: Srivastava et al. 2014.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws ValueError when the rate is outside [0, 1), the seed no integer from 0 to 2^32 - 1, or an option is unknown
 * @throws DTypeError, DisposedError when x is no live float32 tensor
 */
export function dropout(x: Tensor, options: DropoutOptions): Tensor {
  const { rate, seed } = checkOptions("dropout", options, { rate: true, seed: true });
  checkRate("dropout", "rate", rate);
  checkSeed("dropout", seed);
  checkTensor("dropout", "x", x);
  if (rate === 0 || x.size === 0) return own(x);
  return scope(() => masked(x, tensor(keptFactors(x.size, rate, seed), x.shape as [number])));
}

function masked(x: Tensor, factors: Tensor): Tensor {
  return withGradient(
    [x],
    () => ({ value: mul(x, factors), saved: [factors] }),
    (gradient, kept) => [mul(gradient, kept!)],
  );
}

/** The factor of each of `count` cells: 0 where dropped, 1 / (1 - rate) where kept. */
function keptFactors(count: number, rate: number, seed: number): Float32Array {
  const factors = new Float32Array(count);
  const words = new Uint32Array(2);
  const [threshold, kept] = [rate * 2 ** 32, 1 / (1 - rate)];
  for (let cell = 0; cell < count; cell++) {
    if (cell % 2 === 0) threefry2x32(words, seed, 1, cell / 2, 0, 13);
    factors[cell] = words[cell % 2]! < threshold ? 0 : kept;
  }
  return factors;
}
