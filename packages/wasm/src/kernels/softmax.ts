import { Softmax, type SoftmaxAttrs } from "@tensorflow/tfjs-core";
import { splitRows } from "../runtime/runtime.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** softmax over the last dimension. */
export const softmax: FastKernel = {
  kernelName: Softmax,
  run({ runtime, inputs, stock, attrs: { dim } }: KernelCall<SoftmaxAttrs>) {
    const logits = inputs["logits"]!;
    const rank = logits.shape.length;
    if (logits.dtype !== "float32" || (dim !== -1 && dim !== rank - 1)) return stock();
    const columns = logits.shape[rank - 1] ?? 1;
    const output = runtime.output(logits.shape);
    const size = logits.shape.reduce((product, length) => product * length, 1);
    if (size === 0) return output;
    const rows = size / columns;
    const { rowsPerTask, tasks } = splitRows(rows, columns * 4);
    runtime.run("softmax", [runtime.address(logits), runtime.address(output), rows, columns, rowsPerTask], tasks);
    return output;
  },
};
