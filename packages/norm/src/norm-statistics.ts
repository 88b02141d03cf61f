import { fill, mean, reshape, square, type Tensor } from "@tensorflow/tfjs-core";
import { checkShapes, scope } from "@tfblocks/tensor-utils";
import { centred } from "./centred.js";

/** The statistics of each row that norms use, each `[...]`; the caller owns the tensors. */
export interface NormStatistics {
  readonly mean: Tensor;
  /** Biased: the mean of (x - mean)². */
  readonly variance: Tensor;
  /** The mean of x², equal to variance + mean². */
  readonly meanSquare: Tensor;
}

/**
 * Mean, biased variance and mean square over the last dimension. LayerNorm uses the first two, RMSNorm the third.
 * They stay accurate when the mean is large compared with the standard deviation. Rows without features give NaN.
 *
 * @param x `[..., features]`
 * @throws ShapeError when x has no dimension
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function normStatistics(x: Tensor): NormStatistics {
  checkShapes("normStatistics", { x: [x, "... features"] });
  return scope(() => (x.size === 0 ? emptyStatistics(x.shape.slice(0, -1)) : statistics(x)));
}

function statistics(x: Tensor): NormStatistics {
  const { deviations, rowMean } = centred(x);
  return {
    mean: reshape(rowMean, x.shape.slice(0, -1)),
    variance: mean(square(deviations), -1),
    meanSquare: mean(square(x), -1),
  };
}

function emptyStatistics(rows: number[]): NormStatistics {
  return { mean: fill(rows, NaN), variance: fill(rows, NaN), meanSquare: fill(rows, NaN) };
}
