import { cast, type Tensor, type TensorInfo, UnsortedSegmentSum, type UnsortedSegmentSumAttrs } from "@tensorflow/tfjs-core";
import { refuse, ShapeError } from "@tfblocks/tensor-utils";
import { sizeOf } from "../sizes.js";
import type { FastKernel, KernelCall } from "./fast-kernel.js";

/** The maximum number of ranges of segments; every task reads all ids. */
const maxRanges = 8;

/** Sums of rows by segment: `output[s, :] = Σ x[row, :]` over the rows with `segmentIds[row] = s`; ids outside the segments are ignored. */
export const unsortedSegmentSum: FastKernel = {
  kernelName: UnsortedSegmentSum,
  run({ runtime, inputs, attrs: { numSegments } }: KernelCall<UnsortedSegmentSumAttrs>) {
    const [x, ids] = [inputs["x"]!, inputs["segmentIds"]!];
    if (ids.shape.length !== 1 || ids.shape[0] !== x.shape[0]) {
      refuse(
        ShapeError,
        "unsortedSegmentSum",
        "segmentIds",
        `[${x.shape[0] ?? "rows"}]: an id for each row of x`,
        `[${ids.shape.join(", ")}]`,
      );
    }
    return withFloats(x, (rows) => {
      const columns = sizeOf(x.shape.slice(1));
      const output = runtime.output([numSegments, ...x.shape.slice(1)]);
      if (numSegments * columns === 0) return output;
      const ranges = Math.min(maxRanges, numSegments, Math.ceil((numSegments * columns) / 2 ** 16));
      const segmentsPerTask = Math.ceil(numSegments / ranges);
      const columnsPerTask = ranges > 1 || columns < 128 ? columns : 64; // whole rows are cleared at once
      const tasks = Math.ceil(numSegments / segmentsPerTask) * Math.ceil(columns / columnsPerTask);
      const tensors = { x: runtime.address(rows), ids: runtime.address(ids), y: runtime.address(output) };
      const sizes = { rows: x.shape[0]!, columns, segments: numSegments, segmentsPerTask, columnsPerTask };
      runtime.run("segmentSum", { ...tensors, ...sizes }, tasks);
      return output;
    });
  },
};

/** Calls a function with the tensor converted to float32. */
function withFloats(x: TensorInfo, body: (floats: TensorInfo) => TensorInfo): TensorInfo {
  if (x.dtype === "float32") return body(x);
  const floats = cast(x as Tensor, "float32");
  try {
    return body(floats);
  } finally {
    floats.dispose();
  }
}
