import { Random } from "@tfblocks/tensor-utils";
import type { LanguageModel } from "@tfblocks/transformer";
import { llama, type LlamaSizes } from "@tfblocks/transformer/models";
import { nextTokenBatch, nextTokenLoss } from "../next-token-batch.js";
import { metric, type Recipe } from "../recipe.js";
import { WordTokenizer } from "../word-tokenizer.js";
import { judge } from "./judge.js";
import { vocabulary } from "./lexicon.js";
import { drawSentence } from "./sentence.js";

const tokenizer = new WordTokenizer({ words: vocabulary });
const sizes = {
  vocabSize: tokenizer.vocabSize,
  dModel: 64,
  numLayers: 3,
  numHeads: 4,
  hiddenDim: 128,
  tiedHead: true,
} satisfies LlamaSizes;
const batchSize = 48;

/** Learns a small subset of English with agreement, brackets and reflexives. */
export const grammar: Recipe<LanguageModel> = {
  name: "grammar",
  title: "Grammar",
  teaches:
    "To predict the next word, heads look back at what it depends on: the subject of a verb, the opening bracket of a pair, the antecedent of a reflexive. The row that looks is the word before the predicted one.",
  probe: { text: "the dogs ( near the old tree [ that the girl sees ] ) run again ." },
  tokenizer,
  stopToken: tokenizer.idOf("."),
  steps: 1200,
  batchSize,
  schedule: { peak: 3e-3, warmupSteps: 100, floor: 1e-4 },
  optimizer: { betas: [0.9, 0.98], weightDecay: 0.01 },
  clip: 1,
  build: (random) => llama({ ...sizes, random }),
  pretrained: (model) => ({ family: "llama", sizes, model }),
  batch(index, seed, size = batchSize) {
    const random = new Random(seed).split("grammar").split(index);
    return nextTokenBatch(Array.from({ length: size }, () => tokenizer.encode(drawSentence(random, false).words.join(" "))));
  },
  heldOutBatch({ count, seed }) {
    const random = new Random(seed).split("grammar held-out batch");
    return nextTokenBatch(Array.from({ length: count }, () => tokenizer.encode(drawSentence(random, true).words.join(" "))));
  },
  loss: nextTokenLoss,
  async evaluate(model, options) {
    const { agreement, bracket, reflexive } = await judge(model, tokenizer, options);
    return [
      metric("agreement past a distractor", agreement, 0.98),
      metric("closing brackets", bracket, 0.98),
      metric("reflexives", reflexive, 0.98),
    ];
  },
};
