import { mapRows, rowsOf } from "@tfblocks/testkit";

/** The input of a norm, its parameters, and the gradient of a loss with respect to its output. */
export interface NormCase {
  readonly features: number;
  readonly x: ArrayLike<number>;
  readonly weight: ArrayLike<number>;
  readonly bias: ArrayLike<number>;
  readonly dy: ArrayLike<number>;
  readonly eps: number;
}

/** The output, and the gradients with respect to x, weight and bias, in float64. */
export interface NormResult {
  readonly y: Float64Array;
  readonly dx: Float64Array;
  readonly dweight: Float64Array;
  readonly dbias: Float64Array;
}

/** Layer normalisation and its gradients in plain float64 loops. */
export function layerNormOracle(given: NormCase): NormResult {
  return oracle(given, true, given.weight, given.bias);
}

/** RMS normalisation, which ignores the bias, and its gradients in plain float64 loops. */
export function rmsNormOracle(given: NormCase, weightOffset: number): NormResult {
  const weight = Array.from(given.weight, (each) => each + weightOffset);
  return oracle(
    given,
    false,
    weight,
    weight.map(() => 0),
  );
}

function oracle({ features, x, dy, eps }: NormCase, isCentred: boolean, weight: ArrayLike<number>, bias: ArrayLike<number>): NormResult {
  const upstream = rowsOf(dy, features);
  const normals = rowsOf(x, features).map((row) => normalized(row, isCentred, eps));
  const gradients = normals.map(({ normal, rstd }, index) => {
    const g = upstream[index]!.map((each, at) => each * weight[at]!);
    const [ofG, ofProduct] = [isCentred ? average(g) : 0, average(g.map((each, at) => each * normal[at]!))];
    return g.map((each, at) => rstd * (each - ofG - normal[at]! * ofProduct));
  });
  const columns = Array.from({ length: features }, (_, at) => at);
  const columnSums = (each: (row: number, at: number) => number) =>
    Float64Array.from(columns, (at) => upstream.reduce((sum, _, row) => sum + each(row, at), 0));
  return {
    y: mapRows(x, features, (_, index) => normals[index]!.normal.map((each, at) => each * weight[at]! + bias[at]!)),
    dx: Float64Array.from(gradients.flat()),
    dweight: columnSums((row, at) => upstream[row]![at]! * normals[row]!.normal[at]!),
    dbias: columnSums((row, at) => upstream[row]![at]!),
  };
}

function normalized(row: readonly number[], isCentred: boolean, eps: number): { normal: number[]; rstd: number } {
  const deviations = isCentred ? row.map((each) => each - average(row)) : [...row];
  const rstd = 1 / Math.sqrt(average(deviations.map((each) => each ** 2)) + eps);
  return { normal: deviations.map((each) => each * rstd), rstd };
}

function average(row: readonly number[]): number {
  return row.reduce((sum, each) => sum + each, 0) / row.length;
}
