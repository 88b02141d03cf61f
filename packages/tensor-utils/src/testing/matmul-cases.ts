import type { Tensor } from "@tensorflow/tfjs-core";
import { randomTensor, type Tolerance } from "@tfblocks/testkit";
import { broadcastShapes, type MatmulOptions } from "../matmul.js";

export const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1);

/** Where the element of a flat batch index lies in an operand whose batch dimensions are broadcast. */
function broadcastIndex(index: number, batch: readonly number[], own: readonly number[]): number {
  let [remaining, stride, at] = [index, 1, 0];
  for (let axis = batch.length - 1; axis >= 0; axis--) {
    const size = own[axis - batch.length + own.length] ?? 1;
    if (size !== 1) at += (remaining % batch[axis]!) * stride;
    stride *= size;
    remaining = Math.floor(remaining / batch[axis]!);
  }
  return at;
}

/** The product in float64 loops. */
export async function oracle(a: Tensor, b: Tensor, { transposeA = false, transposeB = false }: MatmulOptions = {}) {
  const [left, right] = [await a.data(), await b.data()];
  const [rows, inner] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const batch = broadcastShapes("oracle", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const data = new Float64Array(product(batch) * rows * columns);
  data.forEach((_, cell) => {
    const [matrix, row, column] = [Math.floor(cell / (rows * columns)), Math.floor(cell / columns) % rows, cell % columns];
    const leftStart = broadcastIndex(matrix, batch, a.shape.slice(0, -2)) * rows * inner;
    const rightStart = broadcastIndex(matrix, batch, b.shape.slice(0, -2)) * inner * columns;
    for (let k = 0; k < inner; k++) {
      data[cell]! +=
        left[leftStart + (transposeA ? k * rows + row : row * inner + k)]! *
        right[rightStart + (transposeB ? column * inner + k : k * columns + column)]!;
    }
  });
  return { shape: [...batch, rows, columns], data };
}

export const tolerance: Tolerance = { atol: 1e-4, rtol: 1e-5 };
export const operandShapes = [
  [
    [2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [3, 4],
  ],
  [
    [2, 3],
    [5, 3, 4],
  ],
  [
    [1, 2, 3],
    [3, 4],
  ],
  [
    [5, 2, 3],
    [1, 3, 4],
  ],
  [
    [1, 2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 4, 2, 3],
    [3, 1, 3, 4],
  ],
  [
    [2, 5, 2, 3],
    [5, 3, 4],
  ],
  [
    [2, 1, 2, 3],
    [2, 4, 3, 5],
  ],
  [
    [2, 4, 1, 3],
    [1, 4, 3, 1],
  ],
  [
    [3, 1, 1],
    [3, 1, 1],
  ],
  [
    [7, 1, 5],
    [5, 1],
  ],
  [
    [2, 3, 2, 1, 2, 3],
    [2, 1, 3, 4],
  ],
  [
    [0, 3],
    [3, 4],
  ],
  [
    [2, 0],
    [0, 4],
  ],
  [
    [2, 3],
    [3, 0],
  ],
  [
    [0, 2, 3],
    [3, 4],
  ],
  [
    [0, 2, 3],
    [1, 3, 4],
  ],
  [
    [1, 2, 3],
    [0, 3, 4],
  ],
  [
    [2, 2, 0],
    [2, 0, 4],
  ],
] as const;

const swapLast = (shape: readonly number[]) => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
export const allFlags: MatmulOptions[] = [{}, { transposeA: true }, { transposeB: true }, { transposeA: true, transposeB: true }];

export function operands(
  [a, b]: readonly [readonly number[], readonly number[]],
  { transposeA, transposeB }: MatmulOptions,
): [Tensor, Tensor] {
  return [randomTensor(transposeA ? swapLast(a) : a, 1), randomTensor(transposeB ? swapLast(b) : b, 2)];
}
