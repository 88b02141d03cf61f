import { checkNumber, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/** How far the sum of a distribution may be from 1. */
const sumTolerance = 1e-3;

/**
 * The Jacobian of a softmax at its output: J = diag(p) − p pᵀ, that is ∂pᵢ/∂sⱼ = pᵢ (δᵢⱼ − pⱼ).
 *
 * It is symmetric, its rows sum to 0, and it is 0 for a one-hot p: a saturated softmax passes no gradient.
 *
 * @param p a distribution, `[keys]`; borrowed
 * @returns `[keys][keys]`
 * @throws ValueError when p is empty, a number is negative or not finite, or the sum is not 1 ± 1e-3
 */
export function softmaxJacobian(p: ArrayLike<number>): number[][] {
  const values = checkDistribution("softmaxJacobian", p);
  const rest = sumsOfOthers(values);
  return Array.from(values, (pi, i) => Array.from(values, (pj, j) => (i === j ? pi * rest[i]! : 0 - pi * pj)));
}

/**
 * The size of the Jacobian of a softmax: its Frobenius norm ‖diag(p) − p pᵀ‖ = √(Σp² − 2Σp³ + (Σp²)²).
 *
 * From 0 (one-hot) to 1/2 (two equal weights); √(K − 1) / K for K equal weights. The sum runs over squares only, without
 * the cancellation of the formula, so small norms of nearly one-hot rows keep their digits.
 *
 * @param p a distribution, `[keys]`; borrowed
 * @throws ValueError when p is empty, a number is negative or not finite, or the sum is not 1 ± 1e-3
 */
export function jacobianNorm(p: ArrayLike<number>): number {
  return normOfJacobian(checkDistribution("jacobianNorm", p));
}

/** {@link jacobianNorm} of a distribution that was checked. */
export function normOfJacobian(p: Float64Array): number {
  return Math.sqrt(columnSquares(p).reduce((sum, square) => sum + square, 0));
}

/** The squared norm of each column of diag(p) − p pᵀ: pⱼ² ((Σ_{i≠j} pᵢ)² + Σ_{i≠j} pᵢ²). */
export function columnSquares(p: Float64Array): Float64Array {
  const others = sumsOfOthers(p);
  const otherSquares = sumsOfOthers(p.map((x) => x * x));
  return p.map((x, j) => x * x * (others[j]! ** 2 + otherSquares[j]!));
}

/** Σ_{i≠j} valueᵢ for each j, as the sum of what stands before and after it: exact where 1 − pⱼ would cancel. */
function sumsOfOthers(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  let before = 0;
  for (let at = 0; at < values.length; at++) {
    sums[at] = before;
    before += values[at]!;
  }
  let after = 0;
  for (let at = values.length - 1; at >= 0; at--) {
    sums[at]! += after;
    after += values[at]!;
  }
  return sums;
}

function checkDistribution(operation: string, p: ArrayLike<number>): Float64Array {
  if (!(p?.length > 0)) refuse(ValueError, operation, "p", "an array of at least one number", describeValue(p));
  const values = Float64Array.from(p);
  for (const x of values) checkNumber(operation, "p", "finite and not negative", x, () => x >= 0 && x < Infinity);
  const sum = values.reduce((total, x) => total + x, 0);
  if (Math.abs(sum - 1) <= sumTolerance) return values;
  const received = `a sum of ${Number(sum.toPrecision(6))}`;
  return refuse(ValueError, operation, "p", `a distribution that sums to 1 ± ${sumTolerance}`, received, "pass weights after softmax");
}
