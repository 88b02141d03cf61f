import { pad, reshape, slice, type Tensor } from "@tensorflow/tfjs-core";

/** The diagonals `[rows, size]` of `[rows, size, size]`: every (size + 1)-th element. */
export function takeDiagonal(x: Tensor): Tensor {
  const [rows, size] = x.shape as [number, number];
  const padded = pad(reshape(x, [rows, size * size]), [
    [0, 0],
    [0, size],
  ]);
  return reshape(slice(reshape(padded, [rows, size, size + 1]), [0, 0, 0], [rows, size, 1]), [rows, size]);
}

/** `[rows, size, size]` with diagonals `[rows, size]` and zeros elsewhere. */
export function putDiagonal(x: Tensor): Tensor {
  const [rows, size] = x.shape as [number, number];
  const padded = pad(reshape(x, [rows, size, 1]), [
    [0, 0],
    [0, 0],
    [0, size],
  ]);
  return reshape(slice(reshape(padded, [rows, size * (size + 1)]), [0, 0], [rows, size * size]), [rows, size, size]);
}
