import { distanceBetween, type Point } from "./points.js";

/** Iterations end when one lowers the squared stress by less than this, relative to Σ distance². */
const tolerance = 1e-11;
const maxIterations = 2000;
/** Points that coincide although their heads differ are moved this far apart, relative to the root mean square distance. */
const jitter = 1e-3;

/** Kruskal's stress of a layout; 0 when every distance is 0, null with fewer than two points. */
export function stressOf(distances: readonly Float64Array[], points: readonly Point[]): number | null {
  if (points.length < 2) return null;
  const total = sumOverPairs(points, (head, other) => distances[head]![other]! ** 2);
  return total === 0 ? 0 : Math.sqrt(rawStress(distances, points) / total);
}

/** SMACOF: applies the Guttman transform until the stress no longer falls. */
export function majorise(distances: readonly Float64Array[], start: readonly Point[]): readonly Point[] {
  const total = sumOverPairs(start, (head, other) => distances[head]![other]! ** 2);
  if (total === 0) return start;
  const meanSquare = total / ((start.length * (start.length - 1)) / 2);
  let points = coordinatesOf(apart(distances, start, Math.sqrt(meanSquare)));
  let stress = Infinity;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    const step = guttmanTransform(distances, points);
    if (stress - step.stress <= tolerance * total) break;
    stress = step.stress;
    points = step.moved;
  }
  return start.map((_, head) => [points.x[head]!, points.y[head]!]);
}

interface Coordinates {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

function coordinatesOf(points: readonly Point[]): Coordinates {
  return { x: Float64Array.from(points, ([x]) => x), y: Float64Array.from(points, ([, y]) => y) };
}

/**
 * xᵢ ← (1 / n) Σⱼ (δᵢⱼ / dᵢⱼ) (xᵢ − xⱼ): the minimum of a quadratic that lies above the stress and touches it at the given points.
 *
 * @returns the moved points, and the squared stress of the given ones
 */
function guttmanTransform(distances: readonly Float64Array[], { x, y }: Coordinates): { moved: Coordinates; stress: number } {
  const count = x.length;
  const moved = { x: new Float64Array(count), y: new Float64Array(count) };
  let stress = 0;
  for (let head = 1; head < count; head++) {
    for (let other = 0; other < head; other++) {
      const [right, up] = [x[head]! - x[other]!, y[head]! - y[other]!];
      const inPlane = Math.sqrt(right * right + up * up);
      const distance = distances[head]![other]!;
      stress += (distance - inPlane) ** 2;
      if (inPlane === 0) continue;
      const pull = distance / (inPlane * count);
      moved.x[head]! += pull * right;
      moved.y[head]! += pull * up;
      moved.x[other]! -= pull * right;
      moved.y[other]! -= pull * up;
    }
  }
  return { moved, stress };
}

/** The transform never separates points that coincide, so those of different heads are moved by a golden-angle spiral. */
function apart(distances: readonly Float64Array[], points: readonly Point[], scale: number): Point[] {
  const goldenAngle = Math.PI * (3 - Math.sqrt(5));
  return points.map(([x, y], head) => {
    const coincides = points.some((other, index) => distances[head]![index]! > 0 && distanceBetween([x, y], other) < 1e-6 * scale);
    if (!coincides) return [x, y];
    const radius = jitter * scale * Math.sqrt((head + 1) / points.length);
    return [x + radius * Math.cos(head * goldenAngle), y + radius * Math.sin(head * goldenAngle)];
  });
}

function rawStress(distances: readonly Float64Array[], points: readonly Point[]): number {
  return sumOverPairs(points, (head, other) => (distances[head]![other]! - distanceBetween(points[head]!, points[other]!)) ** 2);
}

function sumOverPairs(points: readonly Point[], value: (head: number, other: number) => number): number {
  let sum = 0;
  for (let head = 1; head < points.length; head++) {
    for (let other = 0; other < head; other++) sum += value(head, other);
  }
  return sum;
}
