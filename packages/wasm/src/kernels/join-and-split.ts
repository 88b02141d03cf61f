import { backend_util, Concat, type ConcatAttrs, Identity, SplitV, type SplitVAttrs, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { Runtime } from "../runtime/runtime.js";
import { splitRows } from "../runtime/split-tasks.js";
import { sizeOf } from "../sizes.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** `tf.clone`: another reference to the same data, where tfjs copies it. */
const identity: FastKernel = {
  kernelName: Identity,
  run({ runtime, inputs }: KernelCall) {
    const { dataId, shape, dtype } = inputs["x"]!;
    runtime.backend.incRef(dataId);
    return { dataId, shape, dtype };
  },
};

/** `tf.split`: parts along an axis, line by line. */
const splitV: FastKernel = {
  kernelName: SplitV,
  run({ runtime, inputs, attrs, stock }: KernelCall<SplitVAttrs>) {
    const x = inputs["x"]!;
    if (!hasBytes(x)) return stock();
    const axis = util.parseAxisParam(attrs.axis, x.shape)[0]!;
    const sizes = backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis);
    const parts = sizes.map((size) => runtime.output(x.shape.with(axis, size), x.dtype));
    let start = 0;
    for (const part of parts) start += copyPart(runtime, x, part, axis, start, "from whole");
    return parts;
  },
};

/** `tf.concat`: tensors along an axis, line by line. */
export const concat: FastKernel = {
  kernelName: Concat,
  run({ runtime, inputs, attrs, stock }: KernelCall<ConcatAttrs>) {
    const parts = Object.values(inputs);
    const [first] = parts as [TensorInfo];
    if (!parts.every((part) => hasBytes(part) && part.dtype === first.dtype)) return stock();
    const shapes = parts.map(({ shape }) => shape);
    const axis = util.parseAxisParam(attrs.axis, first.shape)[0]!;
    backend_util.assertParamsConsistent(shapes, axis);
    const whole = runtime.output(backend_util.computeOutShape(shapes, axis), first.dtype);
    let start = 0;
    for (const part of parts) start += copyPart(runtime, whole, part, axis, start, "to whole");
    return whole;
  },
};

function hasBytes({ dtype }: TensorInfo): boolean {
  return dtype === "float32" || dtype === "int32" || dtype === "bool";
}

/** Copies between a tensor and a part that starts `start` bytes into each line; returns the bytes of a line of the part. */
function copyPart(
  runtime: Runtime,
  whole: TensorInfo,
  part: TensorInfo,
  axis: number,
  start: number,
  direction: "from whole" | "to whole",
): number {
  const lines = sizeOf(whole.shape.slice(0, axis));
  const lineBytes = ({ shape, dtype }: TensorInfo) => sizeOf(shape.slice(axis)) * util.bytesPerElement(dtype);
  const [wholeBytes, bytes] = [lineBytes(whole), lineBytes(part)];
  if (lines * bytes === 0) return bytes;
  const [inWhole, inPart] = [runtime.address(whole) + start, runtime.address(part)];
  const { rowsPerTask: linesPerTask, tasks } = splitRows(lines, bytes / 4);
  const args =
    direction === "from whole"
      ? { from: inWhole, to: inPart, lines, bytes, fromStride: wholeBytes, toStride: bytes, linesPerTask }
      : { from: inPart, to: inWhole, lines, bytes, fromStride: bytes, toStride: wholeBytes, linesPerTask };
  runtime.run("copyLines", args, tasks);
  return bytes;
}

/** Kernels that only move numbers. */
export const joinAndSplit: readonly FastKernel[] = [identity, splitV, concat];
