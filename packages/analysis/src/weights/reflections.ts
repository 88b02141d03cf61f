/** A Householder reflection I − factor · v vᵀ of the coordinates from `first` on. */
export interface Reflection {
  readonly first: number;
  readonly vector: Float64Array;
  readonly factor: number;
}

/** The reflection that maps a vector to a multiple of its first coordinate; undefined if it is one already. */
export function reflectionOf(x: readonly number[], first: number): Reflection | undefined {
  if (x.slice(1).every((value) => value === 0)) return undefined;
  const largest = Math.max(...x.map(Math.abs)); // keeps the squares from overflow
  const vector = Float64Array.from(x, (value) => value / largest);
  const length = Math.hypot(...vector);
  vector[0]! += vector[0]! < 0 ? -length : length;
  return { first, vector, factor: 2 / vector.reduce((sum, value) => sum + value * value, 0) };
}

/** Reflects rows of a matrix in place, in the columns `from` to `to`. */
export function reflectRows(rows: readonly Float64Array[], { first, vector, factor }: Reflection, from: number, to: number): void {
  for (let column = from; column <= to; column++) {
    let dot = 0;
    for (let at = 0; at < vector.length; at++) dot += vector[at]! * rows[first + at]![column]!;
    for (let at = 0; at < vector.length; at++) rows[first + at]![column]! -= factor * dot * vector[at]!;
  }
}

/** Reflects columns of a matrix in place, in the rows `from` to `to`. */
export function reflectColumns(rows: readonly Float64Array[], { first, vector, factor }: Reflection, from: number, to: number): void {
  for (let index = from; index <= to; index++) {
    const row = rows[index]!;
    let dot = 0;
    for (let at = 0; at < vector.length; at++) dot += vector[at]! * row[first + at]!;
    for (let at = 0; at < vector.length; at++) row[first + at]! -= factor * dot * vector[at]!;
  }
}
