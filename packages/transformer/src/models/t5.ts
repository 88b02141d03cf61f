import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, feedForward, gatedFeedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { RMSNorm } from "@tfblocks/norm";
import { RelativePositionBias } from "@tfblocks/positional";
import { building, type Block, Linear, normalInit, Random } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "../blocks/encoder-decoder.js";
import { ScaledHead, TiedHead } from "../blocks/heads.js";
import { InputEmbedding } from "../blocks/input-embedding.js";
import { TransformerStack } from "../blocks/stack.js";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";
import { layersOf, type ModelSizes } from "./sizes.js";

/** Sizes of {@link t5}. */
export interface T5Sizes extends ModelSizes {
  readonly hiddenDim: number;
  /** Layers of the decoder; default numLayers. */
  readonly numDecoderLayers?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Buckets of distances; default 32. */
  readonly numBuckets?: number;
  /** From here on distances share the last bucket; default 128. */
  readonly maxDistance?: number;
  /** Whether the feed-forward network is gated (T5 1.1); default false. */
  readonly gated?: boolean;
  /** Default `"relu"`, or `"geluTanh"` when gated. */
  readonly activation?: ActivationName;
  /** Default 1e-6. */
  readonly eps?: number;
  /** Whether the head is the token embedding; default true, T5 1.1 false. */
  readonly tiedHead?: boolean;
  /** Whether the head's input is scaled by dModel^-0.5; default where the head is tied. */
  readonly scaledHead?: boolean;
}

/**
 * An encoder and a decoder with relative position biases, RMSNorm before each sublayer, no other bias and unscaled
 * scores. Raffel et al. 2019.
 *
 * @throws ValueError when a size is no positive integer
 */
export function t5(sizes: T5Sizes): EncoderDecoder {
  return building(() => {
    const { vocabSize, dModel, numLayers, numDecoderLayers = numLayers, dropout = 0, random = new Random(0) } = sizes;
    const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, init: normalInit(1), random: random.split("tokenEmbedding") });
    return new EncoderDecoder({
      input: new InputEmbedding({ tokenEmbedding, dropout }),
      encoder: t5Stack({ ...sizes, random: random.split("encoder") }, false),
      decoder: t5Stack({ ...sizes, numLayers: numDecoderLayers, random: random.split("decoder") }, true),
      head: t5Head({ ...sizes, random: random.split("head") }, tokenEmbedding),
    });
  });
}

function t5Head(
  { vocabSize, dModel, tiedHead = true, scaledHead = tiedHead, random }: T5Sizes & { readonly random: Random },
  table: TokenEmbedding,
): Block {
  const head = tiedHead
    ? new TiedHead({ embedding: table })
    : new Linear({ inFeatures: dModel, outFeatures: vocabSize, bias: false, random });
  return scaledHead ? new ScaledHead({ head, scale: dModel ** -0.5 }) : head;
}

function t5Stack(sizes: T5Sizes & { readonly random: Random }, isDecoder: boolean): TransformerStack {
  const { dModel, numHeads, numBuckets = 32, maxDistance = 128, eps = 1e-6, random } = sizes;
  return new TransformerStack({
    layers: layersOf(sizes, (own) => t5Layer(sizes, own, isDecoder)),
    finalNorm: new RMSNorm({ features: dModel, eps }),
    relativeBias: new RelativePositionBias({
      numHeads,
      numBuckets,
      maxDistance,
      bidirectional: !isDecoder,
      random: random.split("relativeBias"),
    }),
  });
}

function t5Layer(sizes: T5Sizes, random: Random, isDecoder: boolean): TransformerLayer {
  const { dModel, dropout = 0, eps = 1e-6 } = sizes;
  const norm = () => new RMSNorm({ features: dModel, eps });
  return new TransformerLayer({
    attention: t5Attention(sizes, random.split("attention")),
    attentionNorm: norm(),
    ...(isDecoder && { crossAttention: t5Attention(sizes, random.split("crossAttention")), crossAttentionNorm: norm(), mask: causal() }),
    feedForward: t5FeedForward(sizes, random.split("feedForward")),
    feedForwardNorm: norm(),
    dropout,
  });
}

function t5Attention({ dModel, numHeads, headDim = dModel / numHeads, dropout = 0 }: T5Sizes, random: Random): MultiHeadAttention {
  return multiHeadAttention({ dModel, numHeads, headDim, bias: false, scale: 1, dropout, random });
}

function t5FeedForward({ dModel, hiddenDim, gated = false, activation, dropout = 0 }: T5Sizes, random: Random) {
  return gated
    ? gatedFeedForward({ dModel, hiddenDim, activation: activation ?? "geluTanh", dropout, random })
    : feedForward({ dModel, hiddenDim, activation: activation ?? "relu", bias: false, dropout, random });
}
