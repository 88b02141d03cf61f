import { QuantizedRows, unpackWords } from "@tfblocks/quantization";
import { refuse, ValueError } from "@tfblocks/tensor-utils";
import type { ReadOptions, SafetensorsReader } from "@tfblocks/weights";
import { buildMatrices, type Matrices, type RowsOfOurs } from "./build-matrices.js";
import { rowRuns, runsWithin } from "./row-runs.js";
import { type StoredEntry, tensorsOf } from "./stored-weights.js";

/**
 * Reads a quantised tensor of mlx-lm into matrices of ours, a few rows at a time. Codes, scales and biases stay as they are. Biases of
 * 8 bits that are all -128 · scale are left out, since codes count from the middle one without them: they are those of a symmetric
 * matrix that was saved.
 *
 * @throws ValueError when a scale or a bias is not finite, or a scale is 0 for a group of several codes
 */
export async function readQuantized(
  entry: StoredEntry,
  rows: RowsOfOurs,
  weights: SafetensorsReader,
  options: ReadOptions,
): Promise<Matrices> {
  const [words, scalesName, biasesName] = tensorsOf(entry);
  const { bits, groupSize } = entry.precision!;
  const [inFeatures, runs] = [entry.shape[1]!, rowRuns(rows)];
  const perRow = inFeatures / groupSize;
  const scales = await readFinite(scalesName, weights, options);
  const biases = await readFinite(biasesName, weights, options);
  const isAffine = affineOnes(rows, { scales, biases, perRow, bits });
  const open = (ours: string) => {
    const sizes = { bits, groupSize, outFeatures: rows[ours]!.length, inFeatures };
    return new QuantizedRows(sizes, { offsets: isAffine[ours]! }, `loadModel: weights["${words}"]`);
  };
  return buildMatrices(Object.keys(rows), open, async (matrices) => {
    for await (const { start, elements } of weights.readRows(words, options)) {
      const codes = unpackWords(elements as Uint32Array, bits);
      checkScales(scalesName, scales, codes, start * perRow, groupSize);
      for (const { ours, first, start: from, count } of runsWithin(runs, start, codes.length / inFeatures)) {
        const [begin, end] = [(start + from) * perRow, (start + from + count) * perRow];
        matrices[ours]!.set(first, {
          codes: codes.subarray(from * inFeatures, (from + count) * inFeatures),
          scales: scales.subarray(begin, end),
          ...(isAffine[ours]! && { offsets: biases.subarray(begin, end) }),
        });
      }
    }
  });
}

/** The scales or the biases of a tensor. */
async function readFinite(name: string, weights: SafetensorsReader, options: ReadOptions): Promise<Float32Array> {
  const { shape } = weights.info(name);
  const [rows = 0, perRow = 0] = shape;
  const all = new Float32Array(rows * perRow);
  for await (const { start, elements } of weights.readRows(name, options)) all.set(elements, start * perRow);
  const wrong = all.findIndex((each) => !Number.isFinite(each));
  return wrong < 0 ? all : refuse(ValueError, "loadModel", `weights["${name}"]`, "of finite numbers", `${all[wrong]} at ${wrong}`);
}

/** The groups of a tensor. */
interface Groups {
  readonly scales: Float32Array;
  readonly biases: Float32Array;
  /** Groups of a row. */
  readonly perRow: number;
  readonly bits: 4 | 8;
}

/** Which of ours keep their biases. */
function affineOnes(rows: RowsOfOurs, { scales, biases, perRow, bits }: Groups): Readonly<Record<string, boolean>> {
  const isMiddle = (row: number) => {
    for (let at = row * perRow; at < (row + 1) * perRow; at++) if (biases[at] !== -128 * scales[at]!) return false;
    return true;
  };
  return Object.fromEntries(Object.entries(rows).map(([ours, theirs]) => [ours, bits === 4 || !theirs.every(isMiddle)]));
}

/** A scale of 0 makes all numbers of a group equal; their codes must be equal too. @param first the first group of the codes */
function checkScales(name: string, scales: Float32Array, codes: Uint8Array, first: number, groupSize: number): void {
  for (let group = 0; group * groupSize < codes.length; group++) {
    if (scales[first + group] !== 0) continue;
    const own = codes.subarray(group * groupSize, (group + 1) * groupSize);
    if (own.every((code) => code === own[0])) continue;
    refuse(ValueError, "loadModel", `weights["${name}"]`, "other than 0 for a group of several codes", `0 at ${first + group}`);
  }
}
