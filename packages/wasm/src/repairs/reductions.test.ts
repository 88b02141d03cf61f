import { fill, logSumExp, max, mean, min, prod, sum, tensor, type Tensor, tensor2d, transpose } from "@tensorflow/tfjs-core";
import { randomTensor, startWasm, use } from "@tfblocks/testkit";
import { beforeAll, describe, expect, test } from "vitest";

beforeAll(async () => {
  await startWasm({ threads: 2 });
});

const shape = [5, 3, 37, 4, 17] as const;
const axesToReduce = [[0], [4], [2], [1, 2], [0, 4], [0, 2, 4], [1, 3], [0, 1, 2, 3, 4], [-1, -5]];

describe("sums and means", () => {
  test.for(axesToReduce.map((axes) => ({ axes })))("over axes $axes are float64 sums, rounded once or twice", ({ axes }) => {
    const x = randomTensor(shape, 3, 1e3);
    const [ours, averages] = [use(sum(x, axes)), use(mean(x, axes))];
    const exact = exactSums(x, axes);
    const count = x.size / ours.size;
    expect(worstError(ours, exact)).toBeLessThanOrEqual(2 ** -24);
    expect(
      worstError(
        averages,
        exact.map((each) => each / count),
      ),
    ).toBeLessThanOrEqual(2 ** -24);
  });

  test("of numbers that cancel keep what is left of them", () => {
    const x = use(tensor(Float32Array.from({ length: 30_001 }, (_, at) => (at === 0 ? 1 : at % 2 === 1 ? 1e8 : -1e8))));
    expect(use(sum(x)).dataSync()[0]).toBe(1);
  });

  test("of a long, narrow matrix are as those of its transpose", () => {
    const x = randomTensor([30_000, 7], 5);
    expect(use(sum(x, 0)).dataSync()).toEqual(use(() => sum(transpose(x), 1)).dataSync());
  });

  test("beyond float32 are infinite, and of infinities that contradict each other NaN", () => {
    expect(use(() => sum(fill([8], 3e38))).dataSync()[0]).toBe(Infinity);
    expect(use(() => sum(tensor([Infinity, 1, -Infinity]))).dataSync()[0]).toBeNaN();
  });
});

describe("extremes", () => {
  test("of rows that are all -1e30 or -Infinity are that", () => {
    const rows = use(tensor2d([...Array.from({ length: 70 }, () => -1e30), ...Array.from({ length: 70 }, () => -Infinity)], [2, 70]));
    expect(Array.from(use(max(rows, 1)).dataSync())).toEqual([Math.fround(-1e30), -Infinity]);
    expect(Array.from(use(() => max(transpose(rows), 0)).dataSync())).toEqual([Math.fround(-1e30), -Infinity]);
    expect(Array.from(use(logSumExp(rows, 1)).dataSync())).toEqual([Math.fround(-1e30), NaN]); // as on the CPU backend of tfjs
  });

  test.for([0, 1, 15, 16, 17, 63, 64, 99])("with a NaN at place %d are NaN", (place) => {
    const x = use(tensor(Float32Array.from({ length: 100 }, (_, at) => (at === place ? NaN : at))));
    expect(use(max(x)).dataSync()[0]).toBeNaN();
    expect(use(min(x)).dataSync()[0]).toBeNaN();
  });
});

test("products of integers wrap, those of float32 do not overflow on the way", () => {
  expect(use(() => prod(tensor([65_537, 65_537], [2], "int32"))).dataSync()[0]).toBe(131_073);
  expect(use(() => prod(tensor([1e30, 1e30, 1e-30, 1e-30]))).dataSync()[0]).toBeCloseTo(1, 5);
});

/** The largest error relative to the size of the number. */
function worstError(actual: Tensor, exact: readonly number[]): number {
  const numbers = actual.dataSync();
  return exact.reduce((worst, each, at) => Math.max(worst, Math.abs(numbers[at]! - each) / Math.abs(each)), 0);
}

/** Sums in float64, cell by cell. */
function exactSums(x: Tensor, axes: readonly number[]): number[] {
  const reduced = new Set(axes.map((axis) => (axis + x.rank) % x.rank));
  const sums = new Map<string, number>();
  x.dataSync().forEach((value, at) => {
    let rest = at;
    const position = x.shape.map(() => 0);
    for (let axis = x.rank - 1; axis >= 0; axis--) {
      position[axis] = rest % x.shape[axis]!;
      rest = Math.floor(rest / x.shape[axis]!);
    }
    const key = position.filter((_, axis) => !reduced.has(axis)).join(" ");
    sums.set(key, (sums.get(key) ?? 0) + value);
  });
  return Array.from(sums.values());
}
