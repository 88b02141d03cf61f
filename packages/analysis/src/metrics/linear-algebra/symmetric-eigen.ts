import { dot, jacobiRotation, type MatrixRows, rotate } from "./matrix.js";

/** Eigenvalues of a symmetric matrix, largest first, and their vectors. */
export interface SymmetricEigen {
  readonly values: readonly number[];
  /** `vectors[k]` is a unit vector that belongs to `values[k]`; its sign is arbitrary. */
  readonly vectors: readonly Float64Array[];
}

/** Elements off the diagonal count as zero below this size, relative to the norm of the whole matrix. */
const vanishing = 1e-16;
const maxSweeps = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations in float64. The error of the values is
 * about 1e-15 of the norm.
 *
 * Source: Golub & Van Loan, "Matrix Computations", 8.5.
 *
 * @param matrix `[size, size]`, symmetric and finite; borrowed
 */
export function symmetricEigen(matrix: MatrixRows): SymmetricEigen {
  const rows = matrix.map((row) => Float64Array.from(row));
  const vectors = rows.map((row, index) => Float64Array.from(row, (_, column) => Number(column === index)));
  const tolerance = vanishing * Math.sqrt(rows.reduce((sum, row) => sum + dot(row, row), 0));
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    if (!rotatePairs(rows, vectors, tolerance)) break;
  }
  const order = rows.map((_, index) => index).toSorted((a, b) => rows[b]![b]! - rows[a]![a]!);
  return { values: order.map((index) => rows[index]![index]!), vectors: order.map((index) => vectors[index]!) };
}

function rotatePairs(rows: Float64Array[], vectors: Float64Array[], tolerance: number): boolean {
  let rotated = false;
  for (let second = 1; second < rows.length; second++) {
    for (let first = 0; first < second; first++) {
      if (Math.abs(rows[first]![second]!) <= tolerance) continue;
      eliminate(rows, vectors, first, second);
      rotated = true;
    }
  }
  return rotated;
}

/** Makes one pair of elements off the diagonal zero, by a rotation from both sides. */
function eliminate(rows: Float64Array[], vectors: Float64Array[], first: number, second: number): void {
  const { cosine, sine } = jacobiRotation(rows[first]![first]!, rows[second]![second]!, rows[first]![second]!);
  rotate(rows[first]!, rows[second]!, cosine, sine);
  for (const row of rows) {
    const a = row[first]!;
    const b = row[second]!;
    row[first] = cosine * a - sine * b;
    row[second] = sine * a + cosine * b;
  }
  rows[first]![second] = 0;
  rows[second]![first] = 0;
  rotate(vectors[first]!, vectors[second]!, cosine, sine);
}
