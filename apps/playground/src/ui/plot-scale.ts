/** Share of a step by which float32 may miss an end. */
const rounding = 1e-5;

/** Round numbers from least to most, about as many as asked: multiples of 1, 2 or 5 times a power of ten. */
export function niceTicks(least: number, most: number, about: number): number[] {
  if (!(most > least)) return [least];
  const rough = (most - least) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((nice) => nice * power >= rough) ?? 10);
  const first = Math.ceil(least / step - rounding);
  const count = Math.floor(most / step + rounding) - first + 1;
  return Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** From a span of numbers to a span of pixels. */
export interface PlotScale {
  readonly least: number;
  readonly most: number;
  readonly from: number;
  readonly to: number;
}

/** Where a number lies, in pixels. */
export function pixelOf({ least, most, from, to }: PlotScale, value: number): number {
  return from + ((value - least) / (most - least || 1)) * (to - from);
}

/** The number at a pixel. */
export function valueAt({ least, most, from, to }: PlotScale, pixel: number): number {
  return least + ((pixel - from) / (to - from || 1)) * (most - least);
}

/** Least and most of the finite numbers of some lists, with 0 always inside; a span that is never empty. */
export function spanOf(lists: readonly ArrayLike<number>[]): readonly [least: number, most: number] {
  let [least, most] = [0, 0];
  for (const list of lists) {
    for (let index = 0; index < list.length; index++) {
      const value = list[index]!;
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return least === most ? [least - 1, most + 1] : [least, most];
}

/** The points of a line as an SVG path; a number that is not finite breaks it. */
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

/** Index of the number nearest to a value in an ascending list. */
export function nearestIndex(xs: ArrayLike<number>, value: number): number {
  let nearest = 0;
  for (let index = 1; index < xs.length; index++) {
    if (Math.abs(xs[index]! - value) < Math.abs(xs[nearest]! - value)) nearest = index;
  }
  return nearest;
}
