import { concat, slice, type Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { padding } from "@tfblocks/masks";
import { scope } from "@tfblocks/tensor-utils";
import { type Check, checkAbove, checkAtMost, checkEqual, roundingLimit } from "../check.js";
import { embedTokens } from "../embed-tokens.js";
import { lessonAttention, type LessonSettings, resolveSettings } from "../lesson-attention.js";
import { largestDifference, type Matrices, type Matrix, mean, readFirst, rowSumDeviation, total } from "../numbers.js";
import { maskedCells } from "./causal-attention.js";

/** The token that fills the shorter sentence. */
export const paddingToken = "<pad>";

/** The result of {@link paddedBatch}, for the shorter sentence. */
export interface PaddingExperiment {
  /** `[batch][length]`: both sentences, with the shorter one padded. */
  readonly batch: readonly (readonly string[])[];
  /** `[batch]`: number of tokens before the padding. */
  readonly lengths: readonly number[];
  /** Index of the padded sentence. */
  readonly padded: number;
  /** `[heads][query][key]`, without padded queries. */
  readonly weights: Matrices;
  /** `[query][key]`, true = may attend. */
  readonly allowed: readonly (readonly boolean[])[];
  /** Mean attention to padding without the mask. */
  readonly massWithoutMask: number;
  readonly checks: readonly Check[];
}

/**
 * Two sentences of different lengths in one batch, where the shorter one is padded. With the padding mask, its output
 * is the same as without the other sentence.
 */
export async function paddedBatch(
  sentences: readonly [readonly string[], readonly string[]],
  settings: LessonSettings = {},
): Promise<PaddingExperiment> {
  const lengths = sentences.map((tokens) => tokens.length);
  const padded = lengths[1]! <= lengths[0]! ? 1 : 0;
  const longest = Math.max(...lengths);
  const batch = sentences.map((tokens) => [...tokens, ...Array.from({ length: longest - tokens.length }, () => paddingToken)]);
  const numbers = await attendPadded(batch, lengths, padded, settings);
  const allowed = sentences[padded]!.map(() => batch[padded]!.map((_, key) => key < lengths[padded]!));
  const massWithoutMask = mean(numbers.unmasked.flat().map((row) => total(row.slice(lengths[padded]))));
  return { batch, lengths, padded, weights: numbers.weights, allowed, massWithoutMask, checks: paddingChecks(numbers, allowed) };
}

interface PaddedNumbers {
  readonly weights: Matrices;
  readonly unmasked: Matrices;
  readonly output: Matrix;
  readonly alone: Matrix;
  readonly outputUnmasked: Matrix;
}

async function attendPadded(
  batch: readonly (readonly string[])[],
  lengths: readonly number[],
  padded: number,
  settings: LessonSettings,
): Promise<PaddedNumbers> {
  const { dModel, numHeads, seed } = resolveSettings("paddedBatch", settings);
  const attention = lessonAttention({ dModel, numHeads, seed });
  const tensors = scope(() => {
    const vectors = concat(
      batch.map((tokens) => embedTokens(tokens, { dModel, seed })),
      0,
    );
    return paddedTensors(attention, vectors, lengths, padded);
  });
  attention.dispose();
  return (await readFirst(tensors)) as unknown as PaddedNumbers;
}

/** @param vectors `[2, length, dModel]` */
function paddedTensors(
  attention: MultiHeadAttention,
  vectors: Tensor,
  lengths: readonly number[],
  padded: number,
): Record<keyof PaddedNumbers, Tensor> {
  const real = lengths[padded]!;
  const rows = (output: Tensor) => slice(output, [padded, 0, 0], [1, real, -1]);
  const maps = (weights: Tensor | undefined) => slice(weights!, [padded, 0, 0, 0], [1, -1, real, -1]);
  const masked = attention.apply(vectors, vectors, vectors, { mask: padding({ lengths }) });
  const plain = attention.apply(vectors, vectors, vectors);
  const short = rows(vectors);
  const alone = attention.apply(short, short, short, { needWeights: false }).output;
  return {
    weights: maps(masked.weights),
    unmasked: maps(plain.weights),
    output: rows(masked.output),
    alone,
    outputUnmasked: rows(plain.output),
  };
}

function paddingChecks({ weights, output, alone, outputUnmasked }: PaddedNumbers, allowed: PaddingExperiment["allowed"]): Check[] {
  return [
    checkEqual("weights of padded keys that are not exactly 0", maskedCells({ weights, allowed }).notZero, 0),
    checkAtMost("each row of weights still sums to 1, largest deviation", rowSumDeviation(weights)),
    checkAtMost("the output of the padded sentence equals its output alone, largest difference", largestDifference(output, alone)),
    checkAbove("without the mask the output changes, largest difference", largestDifference(outputUnmasked, alone), roundingLimit),
  ];
}
