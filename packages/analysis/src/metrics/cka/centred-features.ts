import { dot, type MatrixRows } from "../linear-algebra/matrix.js";

/** Features without their mean, and what every comparison with them needs. */
export interface CentredFeatures {
  /** `[samples][columns]`. */
  readonly rows: readonly Float64Array[];
  /** `[samples]`: ‖row‖². */
  readonly squares: Float64Array;
  /** Σ ‖row‖². */
  readonly total: number;
  /** ‖XᵀX‖²_F. */
  readonly selfProduct: number;
  /** Whether all rows are equal, up to rounding in float32. */
  readonly isConstant: boolean;
}

/** Deviations below this size, relative to the features, count as rounding. */
const rounding = 1e-7;
/** Debiased products below this size, relative to the biased ones, count as zero: what is left is rounding. */
const vanishing = 1e-9;

export function centredFeatures(matrix: MatrixRows): CentredFeatures {
  const means = columnMeans(matrix);
  const rows = matrix.map((row) => Float64Array.from(row, (value, column) => value - means[column]!));
  const squares = Float64Array.from(rows, (row) => dot(row, row));
  const total = squares.reduce((sum, square) => sum + square, 0);
  const meanSquares = rows.length * dot(means, means);
  const isConstant = total <= rounding ** 2 * meanSquares || total === 0;
  return { rows, squares, total, selfProduct: crossProduct(rows, rows), isConstant };
}

/** Linear CKA; null when it is 0 / 0. */
export function ckaOf(x: CentredFeatures, y: CentredFeatures, debiased: boolean): number | null {
  if (x.isConstant || y.isConstant) return null;
  if (!debiased) return Math.min(1, crossProduct(x.rows, y.rows) / Math.sqrt(x.selfProduct * y.selfProduct));
  const [xx, yy] = [unbiased(x, x, x.selfProduct), unbiased(y, y, y.selfProduct)];
  if (xx <= vanishing * x.selfProduct || yy <= vanishing * y.selfProduct) return null;
  return unbiased(x, y, crossProduct(x.rows, y.rows)) / Math.sqrt(xx * yy);
}

/**
 * The mean of linear CKA over all ways to pair the samples of x with those of y: Σ‖x‖² Σ‖y‖² / ((n − 1) ‖XᵀX‖_F ‖YᵀY‖_F).
 * It is 0 for debiased CKA; null when CKA is.
 */
export function shuffledCkaOf(x: CentredFeatures, y: CentredFeatures, debiased: boolean): number | null {
  if (ckaOf(x, y, debiased) === null) return null;
  return debiased ? 0 : (x.total * y.total) / ((x.rows.length - 1) * Math.sqrt(x.selfProduct * y.selfProduct));
}

/** The unbiased estimator of HSIC, times n (n − 3), from ‖XᵀY‖²_F. */
function unbiased(x: CentredFeatures, y: CentredFeatures, product: number): number {
  const n = x.rows.length;
  return product - (n / (n - 2)) * dot(x.squares, y.squares) + (x.total * y.total) / ((n - 1) * (n - 2));
}

function columnMeans(matrix: MatrixRows): Float64Array {
  const means = new Float64Array(matrix[0]?.length ?? 0);
  for (const row of matrix) {
    for (let column = 0; column < means.length; column++) means[column]! += row[column]! / matrix.length;
  }
  return means;
}

/** ‖XᵀY‖²_F. */
function crossProduct(x: readonly Float64Array[], y: readonly Float64Array[]): number {
  const columns = y[0]?.length ?? 0;
  const products = Array.from({ length: x[0]?.length ?? 0 }, () => new Float64Array(columns));
  x.forEach((row, sample) => {
    const other = y[sample]!;
    products.forEach((product, column) => {
      const value = row[column]!;
      for (let otherColumn = 0; otherColumn < columns; otherColumn++) product[otherColumn]! += value * other[otherColumn]!;
    });
  });
  return products.reduce((sum, product) => sum + dot(product, product), 0);
}
