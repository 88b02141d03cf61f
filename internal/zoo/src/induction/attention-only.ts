import { type Gpt2Sizes, gpt2 } from "@tfblocks/transformer/models";
import type { LanguageModel } from "@tfblocks/transformer";
import { zerosLike } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";

/**
 * GPT-2 whose feed-forward networks are one unit of zeros that no training moves: layers of attention alone, which still
 * load wherever GPT-2 does.
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
