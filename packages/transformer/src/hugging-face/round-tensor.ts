import type { Tensor } from "@tensorflow/tfjs-core";
import { type Precision, QuantizedRows } from "@tfblocks/quantization";
import type { ReadOptions, SafetensorsReader } from "@tfblocks/weights";
import { buildMatrices, type Matrices, type RowsOfOurs } from "./build-matrices.js";
import { rowRuns, runsWithin } from "./row-runs.js";
import type { StoredEntry } from "./stored-weights.js";

/**
 * Rounds a tensor of a file to matrices of ours, a few rows at a time: its float32 numbers never exist as a whole.
 *
 * @param precisions by the names of ours
 * @throws ValueError when a number is not finite
 */
export function roundTensor(
  { name, shape }: StoredEntry,
  rows: RowsOfOurs,
  precisions: Readonly<Record<string, Precision>>,
  weights: SafetensorsReader,
  options: ReadOptions,
): Promise<Matrices> {
  const [inFeatures, runs] = [shape[1]!, rowRuns(rows)];
  const open = (ours: string) => {
    const sizes = { ...precisions[ours]!, outFeatures: rows[ours]!.length, inFeatures };
    return new QuantizedRows(sizes, {}, `loadModel: weights["${name}"]`);
  };
  return buildMatrices(Object.keys(rows), open, async (matrices) => {
    for await (const { start, elements } of weights.readRows(name, options)) {
      for (const { ours, first, start: from, count } of runsWithin(runs, start, elements.length / inFeatures)) {
        matrices[ours]!.round(first, elements.subarray(from * inFeatures, (from + count) * inFeatures) as Float32Array);
      }
    }
  });
}

/** Rounds a whole tensor of ours. @param tensor borrowed @throws ValueError when a number is not finite */
export async function roundWhole(name: string, tensor: Tensor, precision: Precision): Promise<Matrices> {
  const [outFeatures, inFeatures] = tensor.shape as [number, number];
  const open = () => new QuantizedRows({ ...precision, outFeatures, inFeatures }, {}, `loadModel: "${name}"`);
  return buildMatrices([name], open, async (rows) => rows[name]!.round(0, await tensor.data<"float32">()));
}
