import {
  _FusedMatMul,
  type _FusedMatMulAttrs,
  BatchMatMul,
  type BatchMatMulAttrs,
  getKernel,
  Prelu,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { Matmul, type MatmulAttrs } from "@tfblocks/tensor-utils/kernels";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { multiply } from "./multiply.js";

/** `tf.matMul`: correct for every transpose, batch and view, on all threads. */
export const batchMatMul: FastKernel = {
  kernelName: BatchMatMul,
  run({ runtime, inputs, stock, attrs: { transposeA, transposeB } }: KernelCall<BatchMatMulAttrs>) {
    const [a, b] = [inputs["a"]!, inputs["b"]!];
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock();
    return multiply(runtime, { operation: "matMul", a, b, transposeA, transposeB });
  },
};

/** The matrix product of the blocks of tfblocks. */
export const matmul: FastKernel = {
  kernelName: Matmul,
  run({ runtime, inputs, attrs: { transposeA, transposeB } }: KernelCall<MatmulAttrs>) {
    return multiply(runtime, { operation: "matmul", a: inputs["a"]!, b: inputs["b"]!, bias: inputs["bias"], transposeA, transposeB });
  },
};

/** In the order of their numbers in assembly/fused-activation.ts. */
const activations = ["linear", "relu", "relu6", "leakyrelu", "sigmoid", "elu"];

/** `tf.fused.matMul`: adds the bias and applies the activation once, after the whole sum. */
export const fusedMatMul: FastKernel = {
  kernelName: _FusedMatMul,
  run(call: KernelCall<_FusedMatMulAttrs>) {
    const { runtime, inputs, attrs } = call;
    const { transposeA, transposeB, activation, leakyreluAlpha: alpha } = attrs;
    const [a, b, bias] = [inputs["a"]!, inputs["b"]!, inputs["bias"]];
    if (a.dtype !== "float32" || b.dtype !== "float32") return call.stock();
    const number = Math.max(0, activations.indexOf(activation));
    const product = multiply(runtime, {
      operation: "fused matMul",
      a,
      b,
      bias,
      transposeA,
      transposeB,
      activation: number,
      alpha: alpha ?? 0,
    });
    return activation === "prelu" ? prelu(call, product) : product;
  },
};

function prelu({ runtime, inputs }: KernelCall<_FusedMatMulAttrs>, x: TensorInfo): TensorInfo {
  const { kernelFunc } = getKernel(Prelu, "wasm");
  const result = kernelFunc({ inputs: { x, alpha: inputs["preluActivationWeights"]! }, backend: runtime.backend, attrs: {} });
  runtime.backend.disposeData(x.dataId);
  return result as TensorInfo;
}
