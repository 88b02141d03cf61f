import { checkObject, describeValue, refuse, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { Matrix } from "./matrix.js";
import { reflectColumns, reflectionOf, reflectRows } from "./reflections.js";

/** The eigenvalues of a real matrix; complex ones come in conjugate pairs. */
export interface Eigenvalues {
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
}

type Rows = readonly Float64Array[];

/** Steps of the QR algorithm for each eigenvalue, before it counts as divergent. Two to three are usual. */
const maxSteps = 60;

/**
 * All eigenvalues of a real square matrix, in no particular order: reduction to Hessenberg form by reflections, then the QR
 * algorithm with Francis's double shift. O(size³).
 *
 * Accurate to rounding relative to the norm of the matrix. Of a defective matrix, an eigenvalue of multiplicity m is accurate
 * to the m-th root of that, as with any method.
 *
 * Source: Golub and Van Loan 2013, "Matrix Computations", section 7.5.
 *
 * @throws ShapeError when the matrix is not square
 * @throws ValueError when an entry is not finite
 */
export function eigenvalues(matrix: Matrix): Eigenvalues {
  const scale = checkedScale(matrix);
  const rows = scaledRows(matrix, 1 / scale); // so that squares neither overflow nor vanish
  reduceToHessenberg(rows);
  const found: [real: number, imaginary: number][] = [];
  let high = rows.length - 1;
  for (let steps = 0; high >= 0; steps++) {
    const low = blockStart(rows, high);
    if (high - low < 2) {
      found.push(...(low === high ? [[rows[high]![high]!, 0] as [number, number]] : pairOf(rows, high)));
      [high, steps] = [low - 1, -1];
    } else {
      if (steps > maxSteps) refuse(ValueError, "eigenvalues", "matrix", `one whose QR algorithm converges in ${maxSteps} steps`, "another");
      francisStep(rows, low, high, steps > 0 && steps % 10 === 0);
    }
  }
  return { real: found.map(([real]) => real * scale), imaginary: found.map(([, imaginary]) => imaginary * scale) };
}

/** The largest absolute entry; 1 if there is none. */
function checkedScale(matrix: Matrix): number {
  const { rows, columns, data } = checkObject("eigenvalues", "matrix", matrix);
  if (rows !== columns) refuse(ShapeError, "eigenvalues", "matrix", "square", `[${rows}, ${columns}]`);
  if (!(data instanceof Float64Array) || data.length !== rows * columns) {
    refuse(ShapeError, "eigenvalues", "matrix.data", `a Float64Array of ${rows * columns} numbers`, describeValue(data));
  }
  const wrong = data.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) refuse(ValueError, "eigenvalues", "matrix", "finite", wrong);
  return data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
}

function scaledRows({ rows, columns, data }: Matrix, factor: number): Rows {
  return Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns).map((value) => value * factor));
}

/** Makes everything below the first subdiagonal 0, by similarity. */
function reduceToHessenberg(rows: Rows): void {
  const last = rows.length - 1;
  for (let column = 0; column < last - 1; column++) {
    const below = rows.slice(column + 1);
    reflectBoth(
      rows,
      below.map((row) => row[column]!),
      column + 1,
      { left: column, top: 0, bottom: last, right: last },
    );
    for (const row of below.slice(1)) row[column] = 0;
  }
}

/** Reflects so that x becomes a multiple of its first coordinate: rows in the columns left … right, columns in the rows top … bottom. */
function reflectBoth(
  rows: Rows,
  x: readonly number[],
  first: number,
  { left, right, top, bottom }: { left: number; right: number; top: number; bottom: number },
): void {
  const reflection = reflectionOf(x, first);
  if (reflection === undefined) return;
  reflectRows(rows, reflection, left, right);
  reflectColumns(rows, reflection, top, bottom);
}

/** The first row of the last block that does not split; sets the negligible entry before it to 0. */
function blockStart(rows: Rows, high: number): number {
  for (let low = high; low > 0; low--) {
    const [above, row] = [rows[low - 1]!, rows[low]!];
    const size = Math.abs(above[low - 1]!) + Math.abs(row[low]!) || Math.abs(above[low]!);
    if (Math.abs(row[low - 1]!) > Number.EPSILON * size) continue;
    row[low - 1] = 0;
    return low;
  }
  return 0;
}

/** One QR step with both eigenvalues of the last 2 × 2 block as shifts, or with exceptional shifts against cycles. */
function francisStep(rows: Rows, low: number, high: number, isExceptional: boolean): void {
  const at = (row: number, column: number) => rows[row]![column]!;
  const wide = Math.abs(at(high, high - 1)) + Math.abs(at(high - 1, high - 2));
  const sum = isExceptional ? 1.5 * wide : at(high - 1, high - 1) + at(high, high);
  const product = isExceptional ? wide ** 2 : at(high - 1, high - 1) * at(high, high) - at(high - 1, high) * at(high, high - 1);
  let x = [
    at(low, low) * (at(low, low) - sum) + product + at(low, low + 1) * at(low + 1, low),
    at(low + 1, low) * (at(low, low) + at(low + 1, low + 1) - sum),
    at(low + 1, low) * at(low + 2, low + 1),
  ];
  for (let row = low; row < high; row++) {
    const left = Math.max(low, row - 1);
    reflectBoth(rows, x, row, { left, right: high, top: low, bottom: Math.min(row + 3, high) });
    if (row > low) for (const below of rows.slice(row + 1, row + x.length)) below[row - 1] = 0;
    x = [1, 2, 3].filter((ahead) => row + ahead <= high).map((ahead) => at(row + ahead, row));
  }
}

/** The eigenvalues of the 2 × 2 block that ends at a row. */
function pairOf(rows: Rows, high: number): [number, number][] {
  const [a, b] = [rows[high - 1]![high - 1]!, rows[high - 1]![high]!];
  const [c, d] = [rows[high]![high - 1]!, rows[high]![high]!];
  const half = (a - d) / 2;
  const discriminant = half ** 2 + b * c;
  if (discriminant < 0) {
    const imaginary = Math.sqrt(-discriminant);
    return [
      [d + half, imaginary],
      [d + half, -imaginary],
    ];
  }
  const shift = half + Math.sqrt(discriminant) * (half < 0 ? -1 : 1);
  return [
    [d + shift, 0],
    [shift === 0 ? d : d - (b * c) / shift, 0],
  ];
}
