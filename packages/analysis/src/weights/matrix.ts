/** A matrix of float64 numbers. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`, row-major. */
  readonly data: Float64Array;
}

/** A matrix from a function of row and column. */
export function matrix(rows: number, columns: number, entry: (row: number, column: number) => number): Matrix {
  const data = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) data[row * columns + column] = entry(row, column);
  }
  return { rows, columns, data };
}

export function transpose({ rows, columns, data }: Matrix): Matrix {
  return matrix(columns, rows, (row, column) => data[column * columns + row]!);
}

/** The product A B. */
export function multiply(a: Matrix, b: Matrix): Matrix {
  const product: Matrix = { rows: a.rows, columns: b.columns, data: new Float64Array(a.rows * b.columns) };
  for (let row = 0; row < a.rows; row++) multiplyRow(product, a, b, row);
  return product;
}

function multiplyRow(product: Matrix, a: Matrix, b: Matrix, row: number): void {
  const [inFours, sums] = [a.columns - (a.columns % 4), product.data.subarray(row * b.columns, (row + 1) * b.columns)];
  for (let inner = 0; inner < inFours; inner += 4) addFourRows(sums, a, b, row, inner);
  for (let inner = inFours; inner < a.columns; inner++) addScaled(sums, a.data[row * a.columns + inner]!, b.data, inner * b.columns);
}

/** Adds four rows of B, times their factors in A: each sum is then loaded and stored a quarter as often. */
function addFourRows(sums: Float64Array, a: Matrix, { columns, data: right }: Matrix, row: number, inner: number): void {
  const at = row * a.columns + inner;
  const [f0, f1, f2, f3] = [a.data[at]!, a.data[at + 1]!, a.data[at + 2]!, a.data[at + 3]!];
  const [r0, r1, r2, r3] = [inner * columns, (inner + 1) * columns, (inner + 2) * columns, (inner + 3) * columns];
  for (let column = 0; column < columns; column++) {
    sums[column]! += f0 * right[r0 + column]! + f1 * right[r1 + column]! + f2 * right[r2 + column]! + f3 * right[r3 + column]!;
  }
}

/** Adds factor · values[start …] to the sums. */
export function addScaled(sums: Float64Array, factor: number, values: ArrayLike<number>, start: number): void {
  if (factor === 0) return;
  for (let at = 0; at < sums.length; at++) sums[at]! += factor * values[start + at]!;
}

/** Σ A ∘ B, the sum of the products of entries. */
export function innerProduct(a: Matrix, b: Matrix): number {
  let sum = 0;
  for (let at = 0; at < a.data.length; at++) sum += a.data[at]! * b.data[at]!;
  return sum;
}
