import { Random } from "@tfblocks/tensor-utils";
import type { EncoderDecoder } from "@tfblocks/transformer";
import { t5, type T5Sizes } from "@tfblocks/transformer/models";
import { answerBatch, answerLoss, answerOptimizer, characterTokenizer, exactAnswers, stopToken } from "../answer-batch.js";
import { metric, type Recipe } from "../recipe.js";
import { drawSum } from "./sums.js";

const tokenizer = characterTokenizer("0123456789+=");
const sizes: T5Sizes = {
  vocabSize: tokenizer.vocabSize,
  dModel: 64,
  numLayers: 2,
  numHeads: 4,
  hiddenDim: 128,
  numBuckets: 32,
  maxDistance: 64,
};
const batchSize = 64;

/** Adds numbers of three digits. */
export const addition: Recipe<EncoderDecoder> = {
  name: "addition",
  title: "Addition",
  teaches:
    "Cross-attention aligns digits: each digit of the sum attends to the two digits that it is the sum of, and to those that decide the carry.",
  probe: { text: "457+068=", answer: "5250" },
  tokenizer,
  stopToken,
  steps: 1000,
  batchSize,
  schedule: { peak: 3e-3, warmupSteps: 100, floor: 1e-4 },
  optimizer: answerOptimizer,
  clip: 1,
  build: (random) => t5({ ...sizes, random }),
  pretrained: (model) => ({ family: "t5", sizes, model }),
  batch(index, seed, size = batchSize) {
    const random = new Random(seed).split("addition").split(index);
    return answerBatch(
      tokenizer,
      Array.from({ length: size }, () => drawSum(random, false)),
    );
  },
  heldOutBatch({ count, seed }) {
    const random = new Random(seed).split("addition held-out batch");
    return answerBatch(
      tokenizer,
      Array.from({ length: count }, () => drawSum(random, true)),
    );
  },
  loss: answerLoss,
  async evaluate(model, { count, seed }) {
    const random = new Random(seed).split("addition held out");
    const sums = Array.from({ length: count }, () => drawSum(random, true));
    return [metric("held-out sums exact", await exactAnswers(model, tokenizer, sums), 0.99)];
  },
};
