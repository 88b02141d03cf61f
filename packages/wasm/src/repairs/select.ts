import { broadcast_util, type DataType, Select, type TensorInfo, upcastType } from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import type { FastKernel, KernelCall } from "../kernels/fast-kernel.js";
import { splitRows } from "../runtime/split-tasks.js";
import { withDtype } from "./cast.js";
import { elementBytes, sizeOf } from "../sizes.js";

/**
 * t where the condition holds, e elsewhere, in the wider of their types. A condition of rank 0 applies to all elements, one
 * of rank 1 to the rows of t, and any other to each element.
 */
export const select: FastKernel = {
  kernelName: Select,
  run({ runtime, inputs, stock }: KernelCall) {
    const [condition, t, e] = [inputs["condition"]!, inputs["t"]!, inputs["e"]!];
    if (![condition, t, e].every(({ dtype }) => onHeap.includes(dtype))) return stock();
    const dtype = upcastType(t.dtype, e.dtype);
    const [size, rows] = [sizeOf(t.shape), sizeOf(condition.shape)];
    if ([t, e, condition].some(({ shape }) => sizeOf(shape) === 0)) return runtime.output(emptyShape(condition, t, e), dtype);
    if (sizeOf(e.shape) !== size || size % rows !== 0) {
      const received = `[${t.shape.join(", ")}] and [${e.shape.join(", ")}]`;
      refuse(ShapeError, "where", "a and b", "of one shape, which starts with the condition's", received);
    }
    const output = runtime.output(t.shape, dtype);
    const rowBytes = (size / rows) * elementBytes(dtype);
    const kernel = rowBytes === 4 ? "selectWords" : rowBytes === 1 ? "selectBytes" : "selectRows";
    const { rowsPerTask, tasks } = splitRows(rows, rowBytes / 4);
    const sizes = { y: runtime.address(output), rows, rowBytes, rowsPerTask };
    withDtype(runtime, condition, "bool", (c) =>
      withDtype(runtime, t, dtype, (a) =>
        withDtype(runtime, e, dtype, (b) => runtime.run(kernel, { condition: c, t: a, e: b, ...sizes }, tasks)),
      ),
    );
    return output;
  },
};

/** tfjs does not spread a dimension of 1 to 0 before it calls the kernel. */
function emptyShape(condition: TensorInfo, ...branches: readonly TensorInfo[]): number[] {
  const all = [...branches, ...(condition.shape.length === branches[0]!.shape.length ? [condition] : [])];
  return all.reduce<number[]>((shape, each) => broadcast_util.assertAndGetBroadcastShape(shape, [...each.shape]), []);
}

const onHeap: readonly DataType[] = ["float32", "int32", "bool"];
