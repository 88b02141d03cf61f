import { add, div, minimum, mul, scalar, type Scalar, sqrt, square, sum, type Tensor } from "@tensorflow/tfjs-core";
import { checkPositive, readsWithoutStalling, scope } from "@tfblocks/tensor-utils";
import type { Gradients } from "./value-and-gradients.js";

/** What {@link clipByGlobalNorm} returns; the caller owns the tensors. */
export interface ClippedGradients {
  readonly gradients: Gradients;
  /** The norm before clipping. */
  readonly norm: Scalar;
}

/** Added to the norm before dividing by it, as in PyTorch. */
const normEps = 1e-6;

/**
 * The 2-norm of all gradients as one vector: sqrt(Σ g²).
 *
 * It is NaN or Infinity if any gradient contains NaN or Infinity. On a graphics processor it is also Infinity if the sum of
 * squares exceeds float32, which is the case for norms above about 1.8e19, as in PyTorch.
 *
 * @returns a scalar; 0 without gradients
 */
export function globalNorm(gradients: Readonly<Gradients>): Scalar {
  return scope(() => {
    const all = Object.values(gradients).filter(({ size }) => size > 0);
    const norm = rootOfSquares(all);
    if (!readsWithoutStalling() || Number.isFinite(norm.dataSync()[0])) return norm;
    return mul(rootOfSquares(all.map((each) => mul(each, unit))), 1 / unit) as Scalar;
  });
}

/** Brings the largest float32 to 3e14, whose square does not overflow. */
const unit = 2 ** -80;

function rootOfSquares(tensors: readonly Tensor[]): Scalar {
  const squares = tensors.map((each) => sum(square(each)));
  return sqrt(squares.reduce<Tensor>((total, each) => add(total, each), scalar(0))) as Scalar;
}

/**
 * Scales all gradients by one factor, so that their joint norm is at most `maxNorm`:
 * g · min(1, maxNorm / (norm + 1e-6)), like PyTorch's `clip_grad_norm_`. Source: Pascanu et al. 2013.
 *
 * @throws ValueError when `maxNorm` is not a finite number > 0
 */
export function clipByGlobalNorm(gradients: Readonly<Gradients>, maxNorm: number): ClippedGradients {
  checkPositive("clipByGlobalNorm", "maxNorm", maxNorm);
  return scope(() => {
    const norm = globalNorm(gradients);
    return { gradients: scaled(gradients, minimum(div(maxNorm, add(norm, normEps)), 1)), norm };
  });
}

/** {@link clipByGlobalNorm} for a norm that was read before: gradients within `maxNorm` are returned as they are. */
export function clipByKnownNorm(gradients: Gradients, norm: number, maxNorm: number): Gradients {
  return norm <= maxNorm ? gradients : scaled(gradients, maxNorm / (norm + normEps));
}

function scaled(gradients: Readonly<Gradients>, factor: Tensor | number): Gradients {
  return Object.fromEntries(Object.entries(gradients).map(([name, each]): [string, Tensor] => [name, mul(each, factor)]));
}
