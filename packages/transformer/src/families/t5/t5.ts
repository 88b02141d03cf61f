import { multiHeadAttention, type MultiHeadAttention } from "@tfblocks/attention";
import { feedForward, gatedFeedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { RMSNorm } from "@tfblocks/norm";
import { RelativePositionBias } from "@tfblocks/positional";
import { type Block, checkFlag, checkInteger, type Complete, Linear, normalInit, type Random } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "../../blocks/encoder-decoder.js";
import { ScaledHead, TiedHead } from "../../blocks/heads.js";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import { type Family, family } from "../family.js";
import { checkModelSizes, layersOf } from "../shared/model-sizes.js";
import { fields, readConfig, writeConfig } from "./config.js";
import { layout } from "./layout.js";
import { defaults, type T5Sizes } from "./sizes.js";

export type { T5Sizes } from "./sizes.js";

/**
 * T5: an encoder and a decoder with relative position biases, RMSNorm before each sublayer, no other biases and unscaled
 * scores. Raffel et al. 2020.
 */
export const t5: Family<T5Sizes, EncoderDecoder> = family("t5", {
  modelType: "t5",
  defaults,
  build,
  fields,
  readConfig,
  writeConfig,
  layout,
});

function build(sizes: Complete<T5Sizes>): EncoderDecoder {
  checkModelSizes("t5", sizes);
  checkInteger("t5", "numDecoderLayers", sizes.numDecoderLayers, 1);
  checkFlag("t5", "scaledHead", sizes.scaledHead); // its default is derived
  const { vocabSize, dModel, numDecoderLayers, dropout, random } = sizes;
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, init: normalInit(1), random: random.split("tokenEmbedding") });
  return new EncoderDecoder({
    input: new InputEmbedding({ tokenEmbedding, dropout }),
    encoder: stack({ ...sizes, random: random.split("encoder") }, false),
    decoder: stack({ ...sizes, numLayers: numDecoderLayers, random: random.split("decoder") }, true),
    head: head({ ...sizes, random: random.split("head") }, tokenEmbedding),
  });
}

function head({ vocabSize, dModel, tiedHead, scaledHead, random }: Complete<T5Sizes>, embedding: TokenEmbedding): Block {
  const unscaled = tiedHead ? new TiedHead({ embedding }) : new Linear({ inFeatures: dModel, outFeatures: vocabSize, bias: false, random });
  return scaledHead ? new ScaledHead({ head: unscaled, scale: dModel ** -0.5 }) : unscaled;
}

function stack(sizes: Complete<T5Sizes>, isDecoder: boolean): TransformerStack {
  const { dModel, numHeads, numBuckets, maxDistance, eps, random } = sizes;
  const bidirectional = !isDecoder;
  return new TransformerStack({
    layers: layersOf(sizes, (own) => layer(sizes, own, isDecoder)),
    finalNorm: new RMSNorm({ features: dModel, eps }),
    relativeBias: new RelativePositionBias({ numHeads, numBuckets, maxDistance, bidirectional, random: random.split("relativeBias") }),
  });
}

function layer(sizes: Complete<T5Sizes>, random: Random, isDecoder: boolean): TransformerLayer {
  const { dModel, dropout, eps } = sizes;
  const norm = () => new RMSNorm({ features: dModel, eps });
  return new TransformerLayer({
    attention: attention(sizes, random.split("attention")),
    attentionNorm: norm(),
    ...(isDecoder && { crossAttention: attention(sizes, random.split("crossAttention")), crossAttentionNorm: norm(), mask: causal() }),
    feedForward: network(sizes, random.split("feedForward")),
    feedForwardNorm: norm(),
    dropout,
  });
}

function attention({ dModel, numHeads, headDim, dropout }: Complete<T5Sizes>, random: Random): MultiHeadAttention {
  return multiHeadAttention({ dModel, numHeads, headDim, bias: false, scale: 1, dropout, random });
}

function network({ dModel, hiddenDim, gated, activation, dropout }: Complete<T5Sizes>, random: Random) {
  const builder = gated ? gatedFeedForward : feedForward;
  return builder({ dModel, hiddenDim, activation, bias: false, dropout, random });
}
