import { Random } from "@tfblocks/tensor-utils";

/** Widths around vectors of four and blocks of rows. */
export const oddColumns: readonly number[] = [1, 3, 4, 5, 47, 1023, 1025];

/** Seeded standard normal numbers times `spread`, about `mean`, in float32. */
export function randomNumbers(count: number, seed: number, spread = 1, mean = 0): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => mean + spread * random.normal());
}

/** The rows of a row-major matrix. */
export function rowsOf(values: ArrayLike<number>, columns: number): number[][] {
  const all = Array.from(values);
  return Array.from({ length: columns === 0 ? 0 : all.length / columns }, (_, row) => all.slice(row * columns, (row + 1) * columns));
}

/** Applies a function of whole rows, in float64, and gives the matrix of its results. */
export function mapRows(
  values: ArrayLike<number>,
  columns: number,
  each: (row: number[], index: number) => readonly number[],
): Float64Array {
  return Float64Array.from(rowsOf(values, columns).flatMap(each));
}

/** Central difference of a function of one number, in float64. */
export function slope(f: (x: number) => number, x: number, step = 1e-4): number {
  return (f(x + step) - f(x - step)) / (2 * step);
}

/** erf within 1e-15: its power series below 3, a continued fraction of erfc above. */
export function erf(x: number): number {
  const a = Math.abs(x);
  return Math.sign(x) * (a < 3 ? erfSeries(a) : 1 - erfcFraction(a));
}

function erfSeries(a: number): number {
  let term = a;
  let sum = a;
  for (let n = 1; n < 120; n++) {
    term *= (-a * a) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function erfcFraction(a: number): number {
  let fraction = 0;
  for (let n = 80; n > 0; n--) fraction = n / 2 / (a + fraction);
  return Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
}
