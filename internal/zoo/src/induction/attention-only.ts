import { type Gpt2Sizes, gpt2 } from "@tfblocks/transformer/models";
import type { LanguageModel } from "@tfblocks/transformer";
import { zerosLike } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";

/**
 * GPT-2 with attention only: its feed-forward networks have one unit, whose weights are 0 and not trainable. So the
 * model is still a GPT-2 for every program that loads one.
 */
export function attentionOnly(sizes: Omit<Gpt2Sizes, "hiddenDim">): LanguageModel {
  const model = gpt2({ ...sizes, hiddenDim: 1 });
  for (const [name, variable] of Object.entries(model.parameters())) {
    if (!/\.feedForward(Norm)?\./.test(name)) continue;
    variable.trainable = false;
    if (name.includes(".feedForward.")) scope(() => variable.assign(zerosLike(variable)));
  }
  return model;
}
