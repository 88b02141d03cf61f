import { checkMatrix, type MatrixRows } from "./linear-algebra/matrix.js";
import { singularValues } from "./linear-algebra/singular-values.js";

/**
 * Effective rank of a matrix: exp(−Σ p ln p) with p = σ / Σσ over its singular values σ.
 *
 * From 1 (rank one) to min(rows, columns) (all σ equal); null when the matrix is zero or empty.
 *
 * Do not read it off one causal map: a triangular matrix with a positive diagonal always has full rank, and uniform causal
 * attention over 4 tokens has an effective rank of 3.14. {@link effectiveHeads} compares heads instead.
 *
 * Source: Roy & Vetterli 2007, "The effective rank".
 *
 * @param matrix `[rows, columns]`, a list of rows
 * @throws ShapeError when the rows differ in length; ValueError when a value is not finite
 */
export function effectiveRank(matrix: MatrixRows): number | null {
  checkMatrix("effectiveRank", "matrix", matrix);
  return effectiveRankOf(singularValues(matrix));
}

/**
 * Stable rank of a matrix: ‖M‖²_F / σ₁² = Σσ² / max σ².
 *
 * From 1 to min(rows, columns), never above the rank, and little changed by small singular values; null when the matrix is
 * zero or empty.
 *
 * Source: Rudelson & Vershynin 2007, "Sampling from large matrices".
 *
 * @param matrix `[rows, columns]`, a list of rows
 * @throws ShapeError when the rows differ in length; ValueError when a value is not finite
 */
export function stableRank(matrix: MatrixRows): number | null {
  checkMatrix("stableRank", "matrix", matrix);
  const shares = sharesOfLargest(singularValues(matrix));
  return shares && powerSum(shares, 2);
}

/**
 * Participation ratio of a matrix: (Σσ²)² / Σσ⁴ over its singular values σ.
 *
 * From 1 (rank one) to min(rows, columns) (all σ equal); null when the matrix is zero or empty. For rows that are centred
 * samples it is the number of directions that share the variance.
 *
 * Source: Gao et al. 2017, "A theory of multineuronal dimensionality, dynamics and measurement".
 *
 * @param matrix `[rows, columns]`, a list of rows
 * @throws ShapeError when the rows differ in length; ValueError when a value is not finite
 */
export function participationRatio(matrix: MatrixRows): number | null {
  checkMatrix("participationRatio", "matrix", matrix);
  const shares = sharesOfLargest(singularValues(matrix));
  return shares && powerSum(shares, 2) ** 2 / powerSum(shares, 4);
}

/** {@link effectiveRank} from singular values. */
export function effectiveRankOf(singular: readonly number[]): number | null {
  const shares = sharesOfLargest(singular);
  if (shares === null) return null;
  const sum = powerSum(shares, 1);
  const nats = shares.reduce((total, share) => (share > 0 ? total - (share / sum) * Math.log(share / sum) : total), 0);
  // Rounding may move the result out of its range.
  return Math.min(singular.length, Math.max(1, Math.exp(nats)));
}

function sharesOfLargest(singular: readonly number[]): number[] | null {
  const largest = singular[0] ?? 0;
  return largest === 0 ? null : singular.map((value) => value / largest);
}

function powerSum(values: readonly number[], power: number): number {
  return values.reduce((sum, value) => sum + value ** power, 0);
}
