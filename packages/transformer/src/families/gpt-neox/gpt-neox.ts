import { multiHeadAttention } from "@tfblocks/attention";
import { feedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { LayerNorm } from "@tfblocks/norm";
import { RotaryEmbedding } from "@tfblocks/positional";
import type { Complete, Random } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import type { Layer } from "../../blocks/layer-options.js";
import { ParallelLayer } from "../../blocks/parallel-layer.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import { type Family, family } from "../family.js";
import { decoderHead } from "../shared/language-head.js";
import { checkModelSizes, headDimOf, layersOf } from "../shared/model-sizes.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { defaults, type GptNeoXSizes } from "./sizes.js";

export type { GptNeoXSizes } from "./sizes.js";

/** GPT-NeoX and Pythia: a decoder with partly rotary positions, whose sublayers run side by side. Black et al. 2022. */
export const gptNeoX: Family<GptNeoXSizes, LanguageModel> = family("gptNeoX", {
  modelType: "gpt_neox",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
  mlxNames: [
    ["gpt_neox.layers.", "model.h."],
    ["embed_out.", "model.embed_out."],
    ["gpt_neox.", "model."],
  ],
});

function build(sizes: Complete<GptNeoXSizes>): LanguageModel {
  checkModelSizes("gptNeoX", sizes);
  const { vocabSize, dModel, dropout, eps, random } = sizes;
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
  return new LanguageModel({
    input: new InputEmbedding({ tokenEmbedding, dropout }),
    stack: new TransformerStack({
      layers: layersOf(sizes, (own) => layer(sizes, own)),
      finalNorm: new LayerNorm({ features: dModel, eps }),
    }),
    head: decoderHead(sizes, tokenEmbedding),
  });
}

function layer(sizes: Complete<GptNeoXSizes>, random: Random): Layer {
  const { dModel, numHeads, hiddenDim, activation, rotaryDim, theta, scaling, attentionBias: bias, dropout, eps } = sizes;
  const rotary = new RotaryEmbedding({ headDim: headDimOf("gptNeoX", sizes), rotaryDim, theta, ...(scaling && { scaling }) });
  const parts = {
    attention: multiHeadAttention({ dModel, numHeads, bias, rotary, dropout, random: random.split("attention") }),
    attentionNorm: new LayerNorm({ features: dModel, eps }),
    feedForward: feedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: new LayerNorm({ features: dModel, eps }),
    mask: causal(),
    dropout,
  };
  return sizes.parallel ? new ParallelLayer(parts) : new TransformerLayer(parts);
}
