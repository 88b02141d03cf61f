import { pad, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";

/** `[rows, size, size]` to its diagonals `[rows, size]`: every (size + 1)-th element. */
export function takeDiagonal(x: Tensor): Tensor {
  const [rows, size] = x.shape as [number, number];
  const padded = pad(reshape(x, [rows, size * size]), [
    [0, 0],
    [0, size],
  ]);
  return reshape(slice(reshape(padded, [rows, size, size + 1]), [0, 0, 0], [rows, size, 1]), [rows, size]);
}

/** `[rows, size]` as the diagonals of `[rows, size, size]`, zeros elsewhere. */
export function putDiagonal(x: Tensor): Tensor {
  const [rows, size] = x.shape as [number, number];
  const padded = pad(reshape(x, [rows, size, 1]), [
    [0, 0],
    [0, 0],
    [0, size],
  ]);
  return reshape(slice(reshape(padded, [rows, size * (size + 1)]), [0, 0], [rows, size * size]), [rows, size, size]);
}
