import { type GradConfig, mul, Softmax, type SoftmaxAttrs, sub, sum, type Tensor } from "@tensorflow/tfjs-core";
import { hasKernel, runKernel, SoftmaxGrad } from "@tfblocks/tensor-utils/kernels";
import { gradientOf } from "../gradients/typed-gradient.js";
import { splitRows } from "../runtime/split-tasks.js";
import { demandRank, demandShape } from "./checks.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";
import { rowsOf } from "./norm-rows.js";

/** softmax over the last dimension. */
export const softmax: FastKernel = {
  kernelName: Softmax,
  run({ runtime, inputs, stock, attrs: { dim } }: KernelCall<SoftmaxAttrs>) {
    const logits = inputs["logits"]!;
    if (logits.dtype !== "float32" || logits.shape.length === 0 || !isLast(dim, logits.shape.length)) return stock();
    const { rows, columns } = rowsOf(logits);
    const output = runtime.output(logits.shape);
    const { rowsPerTask, tasks } = splitRows(rows, columns * 4);
    runtime.run("softmax", { x: runtime.address(logits), y: runtime.address(output), rows, columns, rowsPerTask }, tasks);
    return output;
  },
};

export const softmaxGrad: FastKernel = {
  kernelName: SoftmaxGrad,
  run({ runtime, inputs }) {
    const y = demandRank(SoftmaxGrad, "y", inputs["y"], "... columns");
    const dy = demandShape(SoftmaxGrad, "dy", inputs["dy"], y.shape);
    const { rows, columns } = rowsOf(y);
    const dx = runtime.output(y.shape);
    const { rowsPerTask, tasks } = splitRows(rows, columns * 2);
    const args = { dy: runtime.address(dy), y: runtime.address(y), dx: runtime.address(dx), rows, columns, rowsPerTask };
    runtime.run("softmaxGrad", args, tasks);
    return dx;
  },
};

/** Replaces the gradient of tfjs on every backend; composed of plain operations where the active backend has no kernel. */
export const softmaxGradient: GradConfig = gradientOf<SoftmaxAttrs>({
  kernelName: Softmax,
  outputsToSave: [true],
  gradFunc(dy, [y], { dim }) {
    const composed = !hasKernel(SoftmaxGrad) || !isLast(dim, y!.rank);
    return { logits: () => (composed ? composedGradient(dy, y!, dim) : runKernel(SoftmaxGrad, { dy, y: y! }, {})[0]) };
  },
});

function composedGradient(dy: Tensor, y: Tensor, dim: number): Tensor {
  const product = mul(dy, y);
  return sub(product, mul(sum(product, dim, true), y));
}

function isLast(dim: number, rank: number): boolean {
  return dim === -1 || dim === rank - 1;
}
