import { ClipByValue, type ClipByValueAttrs } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";

/** min(max(x, low), high); NaN stays NaN. */
export const clipByValue: FastKernel = {
  kernelName: ClipByValue,
  run({ runtime, inputs, attrs: { clipValueMin, clipValueMax } }: KernelCall<ClipByValueAttrs>) {
    const x = inputs["x"]!;
    const output = runtime.output(x.shape, x.dtype);
    if (x.dtype === "float32") {
      const count = sizeOf(x.shape);
      const { rowsPerTask, tasks } = splitRows(count, 1);
      const args = { x: runtime.address(x), y: runtime.address(output), count, low: clipValueMin, high: clipValueMax };
      runtime.run("clip", { ...args, countPerTask: rowsPerTask }, tasks);
    } else {
      const clipped = runtime.backend.typedArrayFromHeap(output);
      clipped.set(runtime.backend.typedArrayFromHeap(x).map((value) => Math.min(Math.max(value, clipValueMin), clipValueMax)));
    }
    return output;
  },
};
