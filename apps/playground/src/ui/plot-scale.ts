/** The rounding error of float32 at the ends, as a share of a step. */
const rounding = 1e-5;

/** About `about` round numbers from `min` to `max`: multiples of 1, 2 or 5 times a power of ten. */
export function niceTicks(min: number, max: number, about: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((nice) => nice * power >= rough) ?? 10);
  const first = Math.ceil(min / step - rounding);
  const count = Math.floor(max / step + rounding) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** Maps a range of numbers to a range of pixels. */
export interface PlotScale {
  readonly min: number;
  readonly max: number;
  readonly from: number;
  readonly to: number;
}

/** The pixel of a number. */
export function pixelOf({ min, max, from, to }: PlotScale, value: number): number {
  return from + ((value - min) / (max - min || 1)) * (to - from);
}

/** The number at a pixel. */
export function valueAt({ min, max, from, to }: PlotScale, pixel: number): number {
  return min + ((pixel - from) / (to - from || 1)) * (max - min);
}

/** The range of the finite numbers of several lists, extended to include 0; never empty. */
export function spanOf(lists: readonly ArrayLike<number>[]): readonly [min: number, max: number] {
  let [min, max] = [0, 0];
  for (const list of lists) {
    for (let index = 0; index < list.length; index++) {
      const value = list[index]!;
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min === max ? [min - 1, max + 1] : [min, max];
}

/** The points of a line as an SVG path, interrupted at numbers that are not finite. */
export function linePath(xs: ArrayLike<number>, ys: ArrayLike<number>, x: PlotScale, y: PlotScale): string {
  let path = "";
  let pen = "M";
  for (let index = 0; index < xs.length; index++) {
    const value = ys[index]!;
    if (!Number.isFinite(value)) {
      pen = "M";
      continue;
    }
    path += `${pen}${pixelOf(x, xs[index]!).toFixed(1)} ${pixelOf(y, value).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** The index of the number nearest to a value. */
export function nearestIndex(xs: ArrayLike<number>, value: number): number {
  let nearest = 0;
  for (let index = 1; index < xs.length; index++) {
    if (Math.abs(xs[index]! - value) < Math.abs(xs[nearest]! - value)) nearest = index;
  }
  return nearest;
}

/** The value of a line at the x of its own that is nearest to an x; NaN outside the line, by more than the distance of its last xs. */
export function valueNear(xs: ArrayLike<number>, values: ArrayLike<number>, x: number): number {
  if (xs.length === 0) return Number.NaN;
  const last = xs.length - 1;
  const reach = last === 0 ? 0 : xs[last]! - xs[last - 1]!;
  if (x > xs[last]! + reach || x < xs[0]! - reach) return Number.NaN;
  return values[nearestIndex(xs, x)] ?? Number.NaN;
}
