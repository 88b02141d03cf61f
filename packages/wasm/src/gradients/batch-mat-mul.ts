import { BatchMatMul, type BatchMatMulAttrs, type GradConfig, matMul, reshape, type Tensor } from "@tensorflow/tfjs-core";
import { matmul, sumTo } from "@tfblocks/tensor-utils";
import { sizeOf, sameShape } from "../sizes.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.matMul`: sums over batch dimensions that were broadcast, which the gradient of tfjs leaves in. */
export const batchMatMulGradient: GradConfig = gradientOf<BatchMatMulAttrs>({
  kernelName: BatchMatMul,
  inputsToSave: ["a", "b"],
  gradFunc: (gradient, [a, b], flags) => (isOneMatrix(b!) && !flags.transposeA ? byRows : byBatch)(gradient, a!, b!, flags),
});

/** dA = dY Bᵀ and dB = Aᵀ dY, with the transposes of the operands undone. */
function byBatch(gradient: Tensor, a: Tensor, b: Tensor, { transposeA, transposeB }: BatchMatMulAttrs) {
  return {
    a: () => (transposeA ? product(b, gradient, transposeB, true, a.shape) : product(gradient, b, false, !transposeB, a.shape)),
    b: () => (transposeB ? product(gradient, a, true, transposeA, b.shape) : product(a, gradient, !transposeA, false, b.shape)),
  };
}

/** The same when B is one matrix for every row of A: each gradient is one product of two matrices. */
function byRows(gradient: Tensor, a: Tensor, b: Tensor, flags: BatchMatMulAttrs) {
  const parts = byBatch(asMatrix(gradient), asMatrix(a), asMatrix(b), flags);
  return { a: () => reshape(parts.a(), a.shape), b: () => reshape(parts.b(), b.shape) };
}

function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean, shape: readonly number[]): Tensor {
  const isPaired = sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return sumTo(isPaired ? matMul(a, b, transposeA, transposeB) : matmul(a, b, { transposeA, transposeB }), shape);
}

function isOneMatrix({ shape }: Tensor): boolean {
  return sizeOf(shape.slice(0, -2)) === 1;
}

/** `[every leading dimension × rows, columns]`. */
function asMatrix(x: Tensor): Tensor {
  return x.rank === 2 ? x : reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!]);
}
