import {
  gather,
  type GradConfig,
  greaterEqual,
  less,
  logicalAnd,
  pad,
  scalar,
  type Tensor,
  UnsortedSegmentSum,
  where,
} from "@tensorflow/tfjs-core";
import { nothing } from "./nothing.js";
import { gradientOf } from "./typed-gradient.js";

/** Each row gets the gradient of its segment; a row whose id is outside the segments gets 0, where tfjs throws. */
export const unsortedSegmentSumGradient: GradConfig = gradientOf({
  kernelName: UnsortedSegmentSum,
  inputsToSave: ["segmentIds"],
  gradFunc: (gradient, [segmentIds]) => ({
    x: () => rowsOf(gradient, segmentIds!),
    segmentIds: () => nothing(segmentIds!),
  }),
});

/** The rows of `[numSegments, ...]` followed by a row of zeros for ids outside. */
function rowsOf(segments: Tensor, ids: Tensor): Tensor {
  const numSegments = segments.shape[0]!;
  const extended = pad(
    segments,
    segments.shape.map((_, axis) => [0, axis === 0 ? 1 : 0] as [number, number]),
  );
  const isSegment = logicalAnd(greaterEqual(ids, 0), less(ids, numSegments));
  return gather(extended, where(isSegment, ids, scalar(numSegments, "int32")));
}
