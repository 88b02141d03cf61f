import { add, div, minimum, mul, scalar, type Scalar, sqrt, square, sum, type Tensor } from "@tensorflow/tfjs-core";
import { checkNumber, isPositive, scope } from "@tfblocks/tensor-utils";
import type { Gradients } from "./gradients.js";

/** What {@link clipByGlobalNorm} gives; every tensor belongs to the caller. */
export interface ClippedGradients {
  readonly gradients: Gradients;
  /** The norm before clipping. */
  readonly norm: Scalar;
}

/**
 * The 2-norm of all gradients as one vector: sqrt(Σ g²).
 *
 * NaN or Infinity in any gradient shows in it; so does a sum of squares beyond float32, above norms of about 1.8e19.
 *
 * @returns a scalar; 0 without gradients
 */
export function globalNorm(gradients: Readonly<Gradients>): Scalar {
  return scope(() => {
    const squares = Object.values(gradients)
      .filter(({ size }) => size > 0)
      .map((each) => sum(square(each)));
    return sqrt(squares.reduce<Tensor>((total, each) => add(total, each), scalar(0))) as Scalar;
  });
}

/**
 * Scales all gradients by one factor, so that their joint norm is at most `maxNorm`:
 * g · min(1, maxNorm / (norm + 1e-6)), as PyTorch's `clip_grad_norm_`. Source: Pascanu et al. 2013.
 *
 * @throws ValueError when `maxNorm` is no positive number
 */
export function clipByGlobalNorm(gradients: Readonly<Gradients>, maxNorm: number): ClippedGradients {
  checkNumber("clipByGlobalNorm", "maxNorm", "a positive number", maxNorm, isPositive);
  return scope(() => {
    const norm = globalNorm(gradients);
    const factor = minimum(div(maxNorm, add(norm, 1e-6)), 1);
    const clipped = Object.entries(gradients).map(([name, each]): [string, Tensor] => [name, mul(each, factor)]);
    return { gradients: Object.fromEntries(clipped), norm };
  });
}
