import { type NormedVector, squareBeside } from "./normed-vector.js";
import { columnSquares } from "./softmax-jacobian.js";

/** One softmax row: the query, its keys, the weights p, and ∂s/∂(q · k) of each key (scale times the slope of the cap). */
export interface GradientRow {
  readonly query: NormedVector;
  readonly keys: readonly NormedVector[];
  readonly weights: Float64Array;
  readonly slopes: Float64Array;
}

/**
 * ‖∂p/∂q‖_F of one row: ‖J · diag(slopes) · K · ∂norm(q)/∂q‖. Row i of J M is pᵢ (Mᵢ − Σⱼ pⱼ Mⱼ), so J is never built.
 */
export function queryGradientNorm({ query, keys, weights, slopes }: GradientRow): number {
  const center = new Float64Array(query.values.length);
  keys.forEach(({ values }, j) => addTo(center, values, weights[j]! * slopes[j]!));
  let square = 0;
  const difference = new Float64Array(center.length);
  keys.forEach(({ values }, i) => {
    difference.fill(0);
    addTo(difference, values, slopes[i]!);
    addTo(difference, center, -1);
    square += weights[i]! ** 2 * squareBeside(difference, query.direction);
  });
  return query.gain * Math.sqrt(square);
}

/** ‖∂p/∂K‖_F of one row, over all its keys: ∂p/∂kⱼ is column j of J times slopeⱼ · qᵀ · ∂norm(kⱼ)/∂kⱼ. */
export function keyGradientNorm({ query, keys, weights, slopes }: GradientRow): number {
  const columns = columnSquares(weights);
  const squares = keys.map(({ gain, direction }, j) => columns[j]! * (slopes[j]! * gain) ** 2 * squareBeside(query.values, direction));
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}

function addTo(sum: Float64Array, values: Float64Array, factor: number): void {
  for (let at = 0; at < sum.length; at++) sum[at]! += factor * values[at]!;
}
