import type { MultiHeadAttention } from "@tfblocks/attention";
import { gatedFeedForward } from "@tfblocks/feed-forward";
import { RMSNorm } from "@tfblocks/norm";
import { type Block, checkPositive, type Complete, type Random } from "@tfblocks/tensor-utils";
import { CappedHead } from "../../blocks/heads.js";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import { sandwichNorm } from "../../blocks/residual.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import { type Family, family } from "../family.js";
import { decoderHead } from "../shared/language-head.js";
import { groupedAttention } from "../shared/llama-like-model.js";
import { checkModelSizes, layersOf } from "../shared/model-sizes.js";
import { windowMask } from "../shared/window.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { defaults, type Gemma2Sizes } from "./sizes.js";

export type { Gemma2Sizes } from "./sizes.js";

/**
 * Gemma 2: a decoder with RMSNorm before and after each sublayer, capped scores and logits, and windows in every other
 * layer. Gemma Team 2024.
 */
export const gemma2: Family<Gemma2Sizes, LanguageModel> = family("gemma2", {
  modelType: "gemma2",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
});

function build(sizes: Complete<Gemma2Sizes>): LanguageModel {
  checkModelSizes("gemma2", sizes);
  const { vocabSize, dModel, dropout, queryScalar, attentionSoftcap, logitSoftcap, eps, random } = sizes;
  checkPositive("gemma2", "queryScalar", queryScalar);
  for (const [name, cap] of Object.entries({ attentionSoftcap, logitSoftcap })) {
    if (cap !== Infinity) checkPositive("gemma2", name, cap);
  }
  const scale = Math.sqrt(dModel);
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, scale, random: random.split("tokenEmbedding") });
  return new LanguageModel({
    input: new InputEmbedding({ tokenEmbedding, dropout }),
    stack: new TransformerStack({
      layers: layersOf(sizes, (own, index) => layer(sizes, own, index)),
      finalNorm: new RMSNorm({ features: dModel, eps, weightOffset: 1 }),
    }),
    head: capped(decoderHead(sizes, tokenEmbedding), logitSoftcap),
  });
}

function capped(head: Block | undefined, cap: number): Block | undefined {
  return head === undefined || cap === Infinity ? head : new CappedHead({ head, cap });
}

function layer(sizes: Complete<Gemma2Sizes>, random: Random, index: number): TransformerLayer {
  const { dModel, hiddenDim, activation, dropout, eps, window } = sizes;
  const norm = () => new RMSNorm({ features: dModel, eps, weightOffset: 1 });
  return new TransformerLayer({
    attention: attention(sizes, random),
    attentionNorm: norm(),
    attentionPostNorm: norm(),
    feedForward: gatedFeedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: norm(),
    feedForwardPostNorm: norm(),
    residual: sandwichNorm,
    mask: windowMask(window, index),
    dropout,
  });
}

function attention(sizes: Complete<Gemma2Sizes>, random: Random): MultiHeadAttention {
  const { attentionBias: bias, queryScalar, attentionSoftcap } = sizes;
  const scale = 1 / Math.sqrt(queryScalar);
  return groupedAttention(sizes, random, { bias, scale, softcap: attentionSoftcap === Infinity ? undefined : attentionSoftcap });
}
