import { Random } from "@tfblocks/tensor-utils";
import type { EncoderDecoder } from "@tfblocks/transformer";
import { t5, type T5Sizes } from "@tfblocks/transformer/models";
import { answerBatch, answerLoss, answerOptimizer, characterTokenizer, type Example, exactAnswers, stopToken } from "../answer-batch.js";
import { metric, type Recipe } from "../recipe.js";
import { drawString, letters, longest, type Transform } from "./strings.js";

const tokenizer = characterTokenizer(`${letters}=`);
/** With enough buckets that each possible distance has its own. */
const sizes: T5Sizes = {
  vocabSize: tokenizer.vocabSize,
  dModel: 64,
  numLayers: 2,
  numHeads: 4,
  hiddenDim: 128,
  numBuckets: 64,
  maxDistance: 64,
};
const batchSize = 64;
const shortest = 2;
const lengths = longest - shortest + 1;
/** The length of the strings of a held-out batch, that of the probe. */
const heldOutLength = 7;

/** The fields that differ between recipes for strings. */
export interface StringRecipe extends Pick<Recipe, "name" | "title" | "teaches" | "steps"> {
  readonly transform: Transform;
}

/** A recipe that learns to answer each string with its transformation. */
export function stringRecipe({ transform, ...others }: StringRecipe): Recipe<EncoderDecoder> {
  const { name } = others;
  const draw = (random: Random, count: number, length: number, heldOut: boolean): Example[] =>
    Array.from({ length: count }, () => drawString(random, length, transform, heldOut));
  return {
    ...others,
    probe: { text: "badcafe=", answer: transform("badcafe") },
    tokenizer,
    stopToken,
    batchSize,
    schedule: { peak: 2e-3, warmupSteps: 100, floor: 1e-4 },
    optimizer: answerOptimizer,
    clip: 1,
    build: (random) => t5({ ...sizes, random }),
    pretrained: (model) => ({ family: "t5", sizes, model }),
    batch(index, seed, size = batchSize) {
      const random = new Random(seed).split(name).split(index);
      const length = shortest + Math.max(random.integer(lengths), random.integer(lengths)); // longer strings are harder, so they are drawn more often
      return answerBatch(tokenizer, draw(random, size, length, false));
    },
    heldOutBatch({ count, seed }) {
      const random = new Random(seed).split(`${name} held-out batch`);
      return answerBatch(tokenizer, draw(random, count, heldOutLength, true));
    },
    loss: answerLoss,
    async evaluate(model, { count, seed }) {
      const random = new Random(seed).split(`${name} held out`);
      const evaluated = Array.from({ length: longest - 3 }, (_, index) => index + 4);
      const accuracies: number[] = [];
      for (const length of evaluated) {
        const examples = draw(random, Math.ceil(count / evaluated.length), length, true);
        accuracies.push(await exactAnswers(model, tokenizer, examples));
      }
      return [metric("held-out strings exact", accuracies.reduce((total, accuracy) => total + accuracy) / evaluated.length, 0.99)];
    },
  };
}
