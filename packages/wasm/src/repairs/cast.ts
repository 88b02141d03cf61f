import { Cast, type CastAttrs, type DataType, type TensorInfo } from "@tensorflow/tfjs-core";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import type { CastArguments } from "../generated/kernel-arguments.js";
import type { Runtime } from "../runtime/runtime.js";
import type { KernelsWith } from "../runtime/kernel-function.js";
import { splitRows } from "../runtime/split-tasks.js";
import { elementBytes, sizeOf } from "../sizes.js";

const functions: Readonly<Record<string, KernelsWith<CastArguments>>> = {
  "float32 int32": "castFloatToInt",
  "float32 bool": "castFloatToBool",
  "int32 float32": "castIntToFloat",
  "int32 bool": "castIntToBool",
  "bool float32": "castBoolToFloat",
  "bool int32": "castBoolToInt",
};

/** Converts as JavaScript does: every number but 0 is true, NaN too; int32 truncates modulo 2^32, and NaN becomes 0. */
export const cast: FastKernel = {
  kernelName: Cast,
  run({ runtime, inputs, attrs, stock }: KernelCall<CastAttrs>) {
    const x = inputs["x"]!;
    const dtype = attrs.dtype as DataType;
    if (x.dtype === dtype) return shared(runtime, x);
    if (functions[`${x.dtype} ${dtype}`] === undefined) return stock();
    const output = runtime.output(x.shape, dtype);
    convert(runtime, x, dtype, runtime.address(output));
    return output;
  },
};

/** Calls a function with the address of the tensor converted to another type. */
export function withDtype<Result>(runtime: Runtime, x: TensorInfo, dtype: DataType, body: (address: number) => Result): Result {
  if (x.dtype === dtype) return body(runtime.address(x));
  return runtime.scratch(sizeOf(x.shape) * elementBytes(dtype), (address) => {
    convert(runtime, x, dtype, address);
    return body(address);
  });
}

/** Another reference to the same data. */
export function shared(runtime: Runtime, { dataId, shape, dtype }: TensorInfo): TensorInfo {
  runtime.backend.incRef(dataId);
  return { dataId, shape, dtype };
}

/** Writes the tensor converted to another type to an address. */
export function convert(runtime: Runtime, x: TensorInfo, dtype: DataType, to: number): void {
  const count = sizeOf(x.shape);
  const { rowsPerTask, tasks } = splitRows(count, 1);
  runtime.run(functions[`${x.dtype} ${dtype}`]!, { x: runtime.address(x), y: to, count, countPerTask: rowsPerTask }, tasks);
}
