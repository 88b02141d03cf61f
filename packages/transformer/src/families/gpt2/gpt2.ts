import { multiHeadAttention } from "@tfblocks/attention";
import { feedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { LayerNorm } from "@tfblocks/norm";
import { LearnedPositions } from "@tfblocks/positional";
import { type Complete, normalInit, type Random } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import { type Family, family } from "../family.js";
import { decoderHead } from "../shared/language-head.js";
import { checkModelSizes, layersOf } from "../shared/model-sizes.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { defaults, type Gpt2Sizes } from "./sizes.js";

export type { Gpt2Sizes } from "./sizes.js";

/** GPT-2: a decoder with learned positions, LayerNorm before each sublayer and biases everywhere. Radford et al. 2019. */
export const gpt2: Family<Gpt2Sizes, LanguageModel> = family("gpt2", {
  modelType: "gpt2",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
  mlxNames: [["transformer.", "model."]],
});

function build(sizes: Complete<Gpt2Sizes>): LanguageModel {
  checkModelSizes("gpt2", sizes);
  const { vocabSize, dModel, maxLength, dropout, eps, random } = sizes;
  const init = normalInit(0.02);
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
  const positionEmbedding = new LearnedPositions({ maxLength, dModel, init, random: random.split("positionEmbedding") });
  return new LanguageModel({
    input: new InputEmbedding({ tokenEmbedding, positionEmbedding, maxLength, dropout }),
    stack: new TransformerStack({
      layers: layersOf(sizes, (own, index) => layer(sizes, own, index)),
      finalNorm: new LayerNorm({ features: dModel, eps }),
    }),
    head: decoderHead(sizes, tokenEmbedding),
  });
}

function layer(sizes: Complete<Gpt2Sizes>, random: Random, index: number): TransformerLayer {
  const { dModel, numHeads, hiddenDim, activation, dropout, eps } = sizes;
  return new TransformerLayer({
    attention: multiHeadAttention({ dModel, numHeads, scale: scaleOf(sizes, index), dropout, random: random.split("attention") }),
    attentionNorm: new LayerNorm({ features: dModel, eps }),
    feedForward: feedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: new LayerNorm({ features: dModel, eps }),
    mask: causal(),
    dropout,
  });
}

/** The factor of the scores of layer `index`. */
function scaleOf({ dModel, numHeads, scaleScores, scaleByLayer }: Complete<Gpt2Sizes>, index: number): number {
  const scale = scaleScores ? 1 / Math.sqrt(dModel / numHeads) : 1;
  return scaleByLayer ? scale / (index + 1) : scale;
}
