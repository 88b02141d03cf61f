import { dispose } from "@tensorflow/tfjs-core";
import { Random, scope } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import type { Gpt2Sizes } from "@tfblocks/transformer/models";
import { crossEntropy } from "@tfblocks/training";
import { idsOf, nextTokenBatch, nextTokenLoss } from "../next-token-batch.js";
import { type EvaluateOptions, information, metric, type Recipe } from "../recipe.js";
import { WordTokenizer } from "../word-tokenizer.js";
import { attentionOnly } from "./attention-only.js";
import { type HeadScore, headScores } from "./head-scores.js";
import { drawRepeated, type RepeatedSequence, rowLength, vocabSize } from "./repeated-sequence.js";

const characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-";
const tokenizer = new WordTokenizer({ words: Array.from(characters), separator: "" });
const sizes = { vocabSize, dModel: 64, numLayers: 2, numHeads: 4, maxLength: 64, tiedHead: false } satisfies Gpt2Sizes;
const batchSize = 32;

/** Goes on with what it has seen before. */
export const induction: Recipe<LanguageModel> = {
  name: "induction",
  title: "Induction heads",
  teaches:
    "Two layers of attention alone learn to copy: a head that looks one token back, and one that finds what followed this token before.",
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
 * What each head of a model does with repeated sequences.
 *
 * @throws ValueError when the model's vocabulary or context is too small for them
 */
export async function inductionScores(model: LanguageModel, rows: readonly RepeatedSequence[]): Promise<HeadScore[]> {
  const layers = scope(() => model.hidden(idsOf(rows.map(({ ids }) => ids)), { needWeights: true }).weights!);
  try {
    const values = await Promise.all(layers.map((weights) => weights.data()));
    return values.flatMap((weights, layer) => headScores(layer, weights, layers[layer]!.shape[1]!, rows));
  } finally {
    dispose([...layers]);
  }
}

/** Rows to evaluate on: random sequences hold so many that none is ever met in training. */
export function drawRows({ count, seed }: EvaluateOptions): RepeatedSequence[] {
  const random = new Random(seed).split("induction held out");
  return Array.from({ length: count }, () => drawRepeated(random));
}

/** Mean losses of the tokens that nothing tells, and of those that come again. */
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

/** Of the predictions of those places that are chosen; the first token that comes again is in neither part. */
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
