import { describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";

/** A matrix `[rows, columns]` as a list of rows: plain arrays, as `tensor.array()` gives them, or typed arrays. */
export type MatrixRows = readonly ArrayLike<number>[];

/** @throws ShapeError when the rows differ in length; ValueError when the value is not a list of rows of finite numbers */
export function checkMatrix(operation: string, argument: string, matrix: MatrixRows): void {
  const advice = "pass a list of rows, for example await tensor.array()";
  if (!Array.isArray(matrix)) refuse(ValueError, operation, argument, "a matrix", describeValue(matrix), advice);
  const columns = matrix[0]?.length;
  matrix.forEach((row: ArrayLike<number>, index) => {
    if (typeof row?.length !== "number") refuse(ValueError, operation, argument, "a list of rows", describeValue(row), advice);
    if (row.length !== columns) refuse(ShapeError, operation, argument, `rows of length ${columns}`, `${row.length} in row ${index}`);
    const wrong = Array.prototype.findIndex.call(row, (value) => !Number.isFinite(value));
    if (wrong >= 0) {
      refuse(ValueError, operation, argument, "finite numbers", `${describeValue(row[wrong])} in row ${index}, column ${wrong}`);
    }
  });
}

/** The dot product of two vectors of equal length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

/** Rotates two vectors in their plane, in place: a ← cosine · a − sine · b, b ← sine · a + cosine · b. */
export function rotate(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let index = 0; index < a.length; index++) {
    const x = a[index]!;
    const y = b[index]!;
    a[index] = cosine * x - sine * y;
    b[index] = sine * x + cosine * y;
  }
}

/** The rotation that makes [[a, offDiagonal], [offDiagonal, b]] diagonal, by the smaller of the two angles. */
export function jacobiRotation(a: number, b: number, offDiagonal: number): { cosine: number; sine: number } {
  const zeta = (b - a) / (2 * offDiagonal);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  return { cosine, sine: cosine * tangent };
}
