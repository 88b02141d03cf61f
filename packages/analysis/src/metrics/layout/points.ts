import { symmetricEigen } from "../linear-algebra/symmetric-eigen.js";

/** A point in the plane. */
export type Point = readonly [x: number, y: number];

/** Coordinates whose sizes differ by less, relative to the largest, count as equally far. */
const tie = 1e-9;

export function distanceBetween(a: Point, b: Point): number {
  const [x, y] = [a[0] - b[0], a[1] - b[1]];
  return Math.sqrt(x * x + y * y); // much faster than Math.hypot
}

/** The points around the origin, turned to their principal axes; the farthest point of each axis is on its positive side. */
export function orient(points: readonly Point[]): Point[] {
  const centred = centre(points);
  const moment = (a: 0 | 1, b: 0 | 1) => centred.reduce((sum, point) => sum + point[a] * point[b], 0);
  const { vectors } = symmetricEigen([
    [moment(0, 0), moment(0, 1)],
    [moment(0, 1), moment(1, 1)],
  ]);
  const [first, second] = vectors.map((axis) => coordinates(centred, axis));
  return centred.map((_, index) => [first![index]!, second![index]!]);
}

function centre(points: readonly Point[]): Point[] {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return points.map((point) => [point[0] - x, point[1] - y]);
}

function coordinates(points: readonly Point[], axis: Float64Array): number[] {
  const along = points.map(([x, y]) => x * axis[0]! + y * axis[1]!);
  const farthest = Math.max(...along.map(Math.abs));
  const sign = (along.find((value) => Math.abs(value) >= farthest * (1 - tie)) ?? 1) < 0 ? -1 : 1;
  return along.map((value) => (value === 0 ? 0 : sign * value));
}
