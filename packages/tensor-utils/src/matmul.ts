import { add, broadcastTo, getBackend, matMul, mul, reshape, zeros, type Tensor } from "@tensorflow/tfjs-core";
import { checkShapes } from "./check-shapes.js";
import { ShapeError } from "./errors.js";
import { hasKernel, Matmul, runKernel } from "./kernels.js";
import { checkOptions, type OptionNames } from "./options.js";
import { permute } from "./permute.js";
import { scope } from "./scope.js";
import { sumTo } from "./sum-to.js";
import { withGradient } from "./with-gradient.js";

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** Whether to swap the last two dimensions of `a` first; default false. */
  readonly transposeA?: boolean;
  /** Whether to swap the last two dimensions of `b` first; default false. */
  readonly transposeB?: boolean;
}

const optionNames: OptionNames<MatmulOptions> = { transposeA: "flag", transposeB: "flag" };

/**
 * Matrix product of the last two dimensions, A B. Batch dimensions broadcast as in NumPy.
 *
 * Correct on every tfjs backend in cases where `tf.matMul` is not: broadcast inner batch dimensions, a 2-D operand with a
 * batched one (value and gradient), operands that share a buffer under two shapes, and empty dimensions, whose
 * products are zeros. Differentiable any number of times.
 *
 * @param a `[..., rows, inner]`, or `[..., inner, rows]` with `transposeA`
 * @param b `[..., inner, columns]`, or `[..., columns, inner]` with `transposeB`
 * @returns `[..., rows, columns]`
 * @throws ShapeError when `inner` differs or the batch dimensions do not broadcast
 * @throws DTypeError, DisposedError when an operand is not a live float32 tensor
 * @throws ValueError when an option is unknown
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = checkOptions("matmul", options, optionNames);
  checkShapes("matmul", {
    a: [a, transposeA ? "... inner rows" : "... rows inner"],
    b: [b, transposeB ? "... columns inner" : "... inner columns"],
  });
  return scope(() => product(a, b, transposeA, transposeB));
}

/** x Wᵀ + b of checked tensors: the kernel adds the bias as it writes each sum. */
export function affine(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  return withGradient(
    [x, weight, bias],
    () => ({ value: affineForward(x, weight, bias), saved: [x, weight] }),
    (gradient, left, right) => [...gradients(gradient, left!, right!, false, true), sumTo(gradient, bias.shape)],
  );
}

function affineForward(x: Tensor, weight: Tensor, bias: Tensor): Tensor {
  if (hasKernel(Matmul)) return runKernel(Matmul, { a: x, b: weight, bias }, { transposeA: false, transposeB: true })[0];
  return add(forward(x, weight, false, true), bias);
}

function product(a: Tensor, b: Tensor, transposeA = false, transposeB = false): Tensor {
  return withGradient(
    [a, b],
    () => ({ value: forward(a, b, transposeA, transposeB), saved: [a, b] }),
    (gradient, left, right) => gradients(gradient, left!, right!, transposeA, transposeB),
  );
}

/** dA = dY Bᵀ and dB = Aᵀ dY, each transposed if its operand was, and summed over the broadcast dimensions. */
function gradients(gradient: Tensor, a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor[] {
  if (b.rank === 2 && a.rank > 2 && !transposeA) {
    const [left, right] = gradients(asMatrix(gradient), asMatrix(a), b, false, transposeB);
    return [reshape(left!, a.shape), right!];
  }
  const left = transposeA ? product(b, gradient, transposeB, true) : product(gradient, b, false, !transposeB);
  const right = transposeB ? product(gradient, a, true, transposeA) : product(a, gradient, !transposeA);
  return [sumTo(left, a.shape), sumTo(right, b.shape)];
}

function forward(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  if (hasKernel(Matmul)) return runKernel(Matmul, { a, b }, { transposeA, transposeB })[0];
  return composed(swapped(a, transposeA), swapped(b, transposeB));
}

function composed(a: Tensor, b: Tensor): Tensor {
  const [rows, columns] = [a.shape.at(-2)!, b.shape.at(-1)!];
  const batch = b.rank === 2 ? a.shape.slice(0, -2) : broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const shape = [...batch, rows, columns];
  if (a.size === 0 || b.size === 0) return zeros(shape);
  if (b.rank === 2) return reshape(matMul(asMatrix(a) as Tensor, unshared(b)), shape);
  return reshape(matMul(batched(a, batch), unshared(batched(b, batch))), shape);
}

/** `[batch, rows, columns]` with the batch expanded: tfjs mishandles a broadcast inner batch dimension. */
function batched(x: Tensor, batch: readonly number[]): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const full = sameShape(x.shape.slice(0, -2), batch) ? x : broadcastTo(x, [...batch, rows, columns]);
  return reshape(full, [count(batch), rows, columns]);
}

/** `[product of the other dimensions, columns]`. */
function asMatrix(x: Tensor): Tensor {
  const columns = x.shape.at(-1)!;
  return x.rank === 2 ? x : reshape(x, [count(x.shape.slice(0, -1)), columns]);
}

function count(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1);
}

/**
 * On WASM, a copy of the right operand. The kernel there caches packed right operands by buffer and ignores the shape, so
 * a second view of the same buffer would be multiplied as if it were the first.
 */
function unshared(b: Tensor): Tensor {
  return getBackend() === "wasm" ? mul(b, 1) : b;
}

function swapped(x: Tensor, swap: boolean): Tensor {
  if (!swap) return x;
  const axes = x.shape.map((_, axis) => axis);
  return permute(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/**
 * The shape that two shapes broadcast to, aligned at their last dimensions.
 *
 * @throws ShapeError when two sizes differ and neither is 1
 */
export function broadcastShapes(operation: string, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [left, right] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new ShapeError({
      operation,
      argument: "b",
      expected: `broadcastable with the batch dimensions [${a.join(", ")}] of a`,
      received: `[${b.join(", ")}]`,
    });
  });
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
