import { Cumprod, Cumsum, type CumsumAttrs, type DataType, util } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import type { ScanArguments } from "../generated/kernel-arguments.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { withDtype } from "./cast.js";
import { sizeOf } from "../sizes.js";

/** A cumulative operation along an axis: float32 accumulates in float64, int32 wraps around, bool counts as int32. */
function scan(kernelName: string, kernels: Partial<Record<DataType, KernelsWith<ScanArguments>>>): FastKernel {
  const run = ({ runtime, inputs, attrs, stock }: KernelCall<CumsumAttrs>) => {
    const x = inputs["x"]!;
    const dtype = x.dtype === "bool" ? "int32" : x.dtype;
    const kernel = kernels[dtype];
    if (kernel === undefined) return stock();
    const axis = util.parseAxisParam(attrs.axis, [...x.shape])[0]!;
    const [outer, length, inner] = [sizeOf(x.shape.slice(0, axis)), x.shape[axis]!, sizeOf(x.shape.slice(axis + 1))];
    const output = runtime.output(x.shape, dtype);
    if (sizeOf(x.shape) === 0) return output;
    const { rowsPerTask, tasks } = splitRows(Math.ceil((outer * inner) / 4), length * 4);
    const flags = { exclusive: Number(attrs.exclusive), reverse: Number(attrs.reverse) };
    const sizes = { outer, length, inner, itemsPerTask: rowsPerTask * 4 };
    withDtype(runtime, x, dtype, (address) => runtime.run(kernel, { x: address, y: runtime.address(output), ...sizes, ...flags }, tasks));
    return output;
  };
  return { kernelName, run };
}

/** Cumulative sums. */
export const cumsum: FastKernel = scan(Cumsum, { float32: "cumsumFloat", int32: "cumsumInt" });

/** Cumulative products. */
export const cumprod: FastKernel = scan(Cumprod, { float32: "cumprodFloat", int32: "cumprodInt" });
