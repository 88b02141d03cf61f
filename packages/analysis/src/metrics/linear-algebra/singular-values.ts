import { dot, jacobiRotation, type MatrixRows, rotate } from "./matrix.js";

/** Vectors count as orthogonal below this cosine, relative to the norm of the whole matrix. */
const orthogonality = 1e-14;
const maxSweeps = 40;

/**
 * Singular values of a real matrix, largest first, by one-sided Jacobi rotations in float64.
 *
 * The rotations make the rows (or columns, whichever are fewer) orthogonal; their norms are then the singular values.
 * The error is about 1e-14 of the largest one. A sweep takes rows² · columns / 2 steps and about ten sweeps are enough.
 *
 * Source: Hestenes 1958; Demmel & Veselić 1992, "Jacobi's method is more accurate than QR".
 *
 * @param matrix `[rows, columns]` of finite numbers; borrowed
 * @returns min(rows, columns) values ≥ 0
 */
export function singularValues(matrix: MatrixRows): number[] {
  const largest = largestSize(matrix);
  if (largest === 0) return Array.from({ length: Math.min(matrix.length, matrix[0]?.length ?? 0) }, () => 0);
  // Scaled, so that squares neither overflow nor vanish.
  const vectors = shorterSide(matrix, largest);
  orthogonalise(vectors);
  return vectors.map((vector) => largest * Math.sqrt(dot(vector, vector))).toSorted((a, b) => b - a);
}

function largestSize(matrix: MatrixRows): number {
  let largest = 0;
  for (const row of matrix) {
    for (let column = 0; column < row.length; column++) largest = Math.max(largest, Math.abs(row[column]!));
  }
  return largest;
}

/** The rows as vectors, or the columns if there are fewer of them. */
function shorterSide(matrix: MatrixRows, scale: number): Float64Array[] {
  const columns = matrix[0]!.length;
  if (matrix.length <= columns) return matrix.map((row) => Float64Array.from(row, (value) => value / scale));
  return Array.from({ length: columns }, (_, column) => Float64Array.from(matrix, (row) => row[column]! / scale));
}

function orthogonalise(vectors: Float64Array[]): void {
  const norm = Math.sqrt(vectors.reduce((sum, vector) => sum + dot(vector, vector), 0));
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    if (!rotatePairs(vectors, orthogonality * norm)) return;
  }
}

/** One sweep over all pairs. @returns whether a pair was not orthogonal yet */
function rotatePairs(vectors: Float64Array[], tolerance: number): boolean {
  let rotated = false;
  for (let second = 1; second < vectors.length; second++) {
    for (let first = 0; first < second; first++) {
      const [a, b] = [vectors[first]!, vectors[second]!];
      const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
      if (Math.abs(ab) <= tolerance * Math.sqrt(Math.max(aa, bb))) continue;
      const { cosine, sine } = jacobiRotation(aa, bb, ab);
      rotate(a, b, cosine, sine);
      rotated = true;
    }
  }
  return rotated;
}
