import { tensor } from "@tensorflow/tfjs-core";
import type { Block, Random } from "@tfblocks/tensor-utils";
import { bert, gemma2, gpt2, gptNeoX, llama, t5 } from "@tfblocks/transformer/models";
import { use } from "./use.js";

/** Entries of the vocabulary of the random models. */
export const vocabSize = 13;

const wide = { vocabSize, dModel: 16, numHeads: 4, numKvHeads: 2, numLayers: 2, hiddenDim: 20 };
const narrow = { vocabSize, dModel: 12, numHeads: 3, numLayers: 2 };

/** Absolute and rotary positions, grouped heads, windows, soft caps, parallel layers, norms after sums, relative biases. */
const builders = {
  gpt2: () => gpt2({ ...narrow, maxLength: 16 }),
  llama: () => llama(wide),
  gemma2: () => gemma2({ ...wide, headDim: 4, window: (layer) => (layer === 0 ? 3 : undefined), attentionSoftcap: 2, logitSoftcap: 3 }),
  gptNeoX: () => gptNeoX({ vocabSize, dModel: 16, numHeads: 2, numLayers: 2, hiddenDim: 20 }),
  bert: () => bert({ ...narrow, maxLength: 16, hiddenDim: 20 }),
  headless: () => bert({ ...narrow, maxLength: 16, hiddenDim: 20, maskedLanguageHead: false }),
  t5: () => t5({ ...narrow, hiddenDim: 20, numBuckets: 8, maxDistance: 6 }),
};

export type RandomFamily = keyof typeof builders;

/** A tiny model of a family with random parameters; freed after the test. */
export function randomModel<Family extends RandomFamily>(family: Family, random: Random): ReturnType<(typeof builders)[Family]> {
  const model = use(builders[family]() as ReturnType<(typeof builders)[Family]>);
  randomize(model, random);
  return model;
}

/** Draws all parameters of a model from a normal distribution of deviation 0.4. */
export function randomize(model: Pick<Block, "parameters">, random: Random): void {
  for (const parameter of Object.values(model.parameters())) {
    const value = tensor(
      Float32Array.from({ length: parameter.size }, () => 0.4 * random.normal()),
      parameter.shape,
    );
    parameter.assign(value);
    value.dispose();
  }
}
