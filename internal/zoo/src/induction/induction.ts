import { watchAttention } from "@tfblocks/analysis/models";
import { Random, scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import type { Gpt2Sizes } from "@tfblocks/transformer/models";
import { crossEntropy } from "@tfblocks/training";
import { idsOf, nextTokenBatch, nextTokenLoss } from "../next-token-batch.js";
import { type EvaluateOptions, information, metric, type Recipe } from "../recipe.js";
import { WordTokenizer } from "../word-tokenizer.js";
import { attentionOnly } from "./attention-only.js";
import { headScores, type InductionScore } from "./induction-scores.js";
import { drawRepeated, type RepeatedSequence, rowLength, vocabSize } from "./repeated-sequence.js";

const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-";
const tokenizer = new WordTokenizer({ words: Array.from(characters), separator: "" });
const sizes = { vocabSize, dModel: 64, numLayers: 2, numHeads: 4, maxLength: 64, tiedHead: false } satisfies Gpt2Sizes;
const batchSize = 32;

/** Repeats a random sequence that occurred before. */
export const induction: Recipe<LanguageModel> = {
  name: "induction",
  title: "Induction heads",
  teaches:
    "Two attention layers learn to copy: one head attends to the previous token, and another attends to what followed the current token earlier.",
  probe: { text: "qX7mBe+ZkT2wqX7mBe+ZkT2wqX7" },
  tokenizer,
  steps: 1000,
  batchSize,
  schedule: { peak: 3e-3, warmupSteps: 100, floor: 1e-4 },
  optimizer: { betas: [0.9, 0.98], weightDecay: 0.01 },
  clip: 1,
  build: (random) => attentionOnly({ ...sizes, random }),
  pretrained: (model) => ({ family: "gpt2", sizes: { ...sizes, hiddenDim: 1 }, model }),
  batch(index, seed, size = batchSize) {
    const random = new Random(seed).split("induction").split(index);
    return nextTokenBatch(Array.from({ length: size }, () => drawRepeated(random).ids));
  },
  heldOutBatch: (options) => nextTokenBatch(drawRows(options).map(({ ids }) => ids)),
  loss: nextTokenLoss,
  async evaluate(model, options) {
    const rows = drawRows(options);
    const { first, second } = await lossesOf(model, rows);
    const best = (await inductionScores(model, rows)).reduce((most, score) => Math.max(most, score.induction), 0);
    return [
      metric("loss where it repeats / loss before", second / first, 0.1, false),
      metric("induction score of the best head", best, 0.5),
      information("loss before it repeats (nats)", first, false),
    ];
  },
};

/**
 * The score of each head on repeated sequences.
 *
 * @throws ValueError when the vocabulary or context of the model is too small for them
 */
export async function inductionScores(model: LanguageModel, rows: readonly RepeatedSequence[]): Promise<InductionScore[]> {
  const watched = watchAttention(model, (each) => void each.hidden(idsOf(rows.map(({ ids }) => ids))));
  try {
    const layers = await Promise.all(watched.parts.map((part) => watched.maps(part)));
    return layers.flatMap((maps, layer) => headScores(layer, maps, rows));
  } finally {
    watched.dispose();
  }
}

/** Random rows for the evaluation; there are so many possible sequences that none occurs in training. */
export function drawRows({ count, seed }: EvaluateOptions): RepeatedSequence[] {
  const random = new Random(seed).split("induction held out");
  return Array.from({ length: count }, () => drawRepeated(random));
}

/** The mean loss over first occurrences, which are unpredictable, and over repeated tokens. */
async function lossesOf(model: LanguageModel, rows: readonly RepeatedSequence[]): Promise<{ first: number; second: number }> {
  const losses = scope(() => {
    const { ids, labels } = nextTokenBatch(rows.map((row) => row.ids));
    return crossEntropy(model.apply(ids).logits, labels, { reduction: "none" });
  });
  try {
    const values = await losses.data();
    return { first: mean(values, rows, (at, period) => at < period), second: mean(values, rows, (at, period) => at > period) };
  } finally {
    losses.dispose();
  }
}

/** The mean loss at chosen positions. The first repeated token is neither predictable nor a first occurrence. */
function mean(losses: ArrayLike<number>, rows: readonly RepeatedSequence[], isChosen: (at: number, period: number) => boolean): number {
  let [total, count] = [0, 0];
  for (const [row, { period }] of rows.entries()) {
    for (let at = 1; at < rowLength; at++) {
      if (!isChosen(at, period)) continue;
      total += losses[row * (rowLength - 1) + at - 1]!;
      count++;
    }
  }
  return total / count;
}
