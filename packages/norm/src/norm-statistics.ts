import { fill, mean, reshape, square, type Tensor } from "@tensorflow/tfjs-core";
import { checkShapes, scope } from "@tfblocks/tensor-utils";
import { centred } from "./centred.js";

/** What norms divide by, of each row: all `[...]`, the caller's to dispose. */
export interface NormStatistics {
  readonly mean: Tensor;
  /** Biased: the mean of (x - mean)². */
  readonly variance: Tensor;
  /** The mean of x², which is variance + mean². */
  readonly meanSquare: Tensor;
}

/**
 * Mean, biased variance and mean square of the last dimension: LayerNorm takes the first two, RMSNorm the third.
 * Accurate also where the mean is large beside the spread. Rows of no features give NaN.
 *
 * @param x `[..., features]`
 * @throws ShapeError when x has no dimension
 * @throws DTypeError, DisposedError when x is no live float32 tensor
 */
export function normStatistics(x: Tensor): NormStatistics {
  checkShapes("normStatistics", { x: [x, "... features"] });
  return scope(() => (x.size === 0 ? emptyStatistics(x.shape.slice(0, -1)) : statistics(x)));
}

function statistics(x: Tensor): NormStatistics {
  const { apart, middle } = centred(x);
  return {
    mean: reshape(middle, x.shape.slice(0, -1)),
    variance: mean(square(apart), -1),
    meanSquare: mean(square(x), -1),
  };
}

function emptyStatistics(rows: number[]): NormStatistics {
  return { mean: fill(rows, NaN), variance: fill(rows, NaN), meanSquare: fill(rows, NaN) };
}
