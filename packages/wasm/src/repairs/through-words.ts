import type { TensorInfo } from "@tensorflow/tfjs-core";
import { stockKernel } from "../kernel-registry.js";
import type { KernelCall } from "../kernels/fast-kernel.js";
import { convert } from "./cast.js";

/** Runs the kernel of tfjs of one tensor x on booleans converted to int32, because it would read the bytes as words. */
export function throughWords(kernelName: string, { runtime, inputs, attrs }: KernelCall<object>): TensorInfo {
  const x = inputs["x"]!;
  const { backend } = runtime;
  const words = runtime.output(x.shape, "int32");
  convert(runtime, x, "int32", runtime.address(words));
  const result = stockKernel(kernelName)!.kernelFunc({ inputs: { x: words }, attrs: attrs as never, backend }) as TensorInfo;
  try {
    const output = runtime.output(result.shape, "bool");
    convert(runtime, { ...result, dtype: "int32" }, "bool", runtime.address(output));
    return output;
  } finally {
    for (const { dataId } of [words, result]) backend.disposeData(dataId);
  }
}
