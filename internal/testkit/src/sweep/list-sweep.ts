import { type SweepCase, sweepTensor } from "./sweep-case.js";

const float = (shape: readonly number[], start = 0) => sweepTensor(shape, "float32", start);

function ofMatrices(): SweepCase[] {
  const sizes = [0, 1, 3];
  return sizes.flatMap((rows) =>
    sizes.flatMap((depth) =>
      sizes.flatMap((columns) =>
        [[], [2], [0], [2, 1, 3]].flatMap((batch) => [
          {
            kernelName: "BatchMatMul",
            inputs: { a: float([...batch, rows, depth]), b: float([...batch, depth, columns], 1) },
            attrs: { transposeA: false, transposeB: false },
          },
          ...(batch.length > 1
            ? []
            : [
                {
                  kernelName: "_FusedMatMul",
                  inputs: { a: float([...batch, rows, depth]), b: float([...batch, depth, columns], 1), bias: float([columns], 2) },
                  attrs: { transposeA: false, transposeB: false, activation: "relu" },
                },
              ]),
        ]),
      ),
    ),
  );
}

function ofNumbers(): SweepCase[] {
  const int = (shape: readonly number[], start = 0) => sweepTensor(shape, "int32", start);
  const zeros = (length: number) => ({ ...int([length]), values: new Int32Array(length) });
  return [0, 1, 5].flatMap((length) => [
    { kernelName: "Range", inputs: {}, attrs: { start: 0, stop: length, step: 1, dtype: "float32" } },
    { kernelName: "Range", inputs: {}, attrs: { start: 0, stop: length, step: 1, dtype: "int32" } },
    { kernelName: "LinSpace", inputs: {}, attrs: { start: 0, stop: 1, num: Math.max(1, length) } },
    { kernelName: "Bincount", inputs: { x: zeros(length), weights: float([length]) }, attrs: { size: 3 } },
    { kernelName: "Bincount", inputs: { x: zeros(length), weights: float([0]) }, attrs: { size: 3 } },
    { kernelName: "DenseBincount", inputs: { x: zeros(length), weights: float([0]) }, attrs: { size: 3, binaryOutput: false } },
    {
      kernelName: "SparseToDense",
      inputs: { sparseIndices: zeros(length), sparseValues: float([length]), defaultValue: float([]) },
      attrs: { outputShape: [4] },
    },
    { kernelName: "UnsortedSegmentSum", inputs: { x: float([length, 2]), segmentIds: zeros(length) }, attrs: { numSegments: 3 } },
    { kernelName: "SearchSorted", inputs: { sortedSequence: float([1, length]), values: float([1, 3]) }, attrs: { side: "left" } },
    { kernelName: "BroadcastArgs", inputs: { s0: zeros(length), s1: zeros(length) }, attrs: {} },
    { kernelName: "SparseSegmentSum", inputs: { data: float([2, 3]), indices: zeros(length), segmentIds: zeros(length) }, attrs: {} },
    { kernelName: "SparseSegmentMean", inputs: { data: float([2, 3]), indices: zeros(length), segmentIds: zeros(length) }, attrs: {} },
    {
      kernelName: "NonMaxSuppressionV3",
      inputs: { boxes: float([length, 4]), scores: float([length], 1) },
      attrs: { maxOutputSize: 2, iouThreshold: 0.5, scoreThreshold: 0 },
    },
    {
      kernelName: "NonMaxSuppressionV5",
      inputs: { boxes: float([length, 4]), scores: float([length], 1) },
      attrs: { maxOutputSize: 2, iouThreshold: 0.5, scoreThreshold: 0, softNmsSigma: 0.5 },
    },
    {
      kernelName: "SparseReshape",
      inputs: {
        inputIndices: { ...int([length, 1]), values: new Int32Array(length) },
        inputShape: { ...int([1]), values: Int32Array.of(6) },
        newShape: { ...int([2]), values: Int32Array.of(2, 3) },
      },
      attrs: {},
    },
  ]);
}

/** Matrices and lists, with empty dimensions. */
export function listSweep(): SweepCase[] {
  return [...ofMatrices(), ...ofNumbers()];
}
