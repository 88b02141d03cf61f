import { type MultiHeadAttention, type ProjectionBias, multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, gatedFeedForward } from "@tfblocks/feed-forward";
import { causal, lastN } from "@tfblocks/masks";
import { RMSNorm } from "@tfblocks/norm";
import { RotaryEmbedding, type RotaryScaling } from "@tfblocks/positional";
import { building, Linear, normalInit, Random } from "@tfblocks/tensor-utils";
import { TiedHead } from "../blocks/heads.js";
import { InputEmbedding } from "../blocks/input-embedding.js";
import { LanguageModel } from "../blocks/language-model.js";
import { TransformerStack } from "../blocks/stack.js";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";
import { layersOf, type ModelSizes } from "./sizes.js";

/** Sizes of {@link llama}. */
export interface LlamaSizes extends ModelSizes {
  readonly hiddenDim: number;
  /** Number of key-value heads, a divisor of numHeads; default numHeads. */
  readonly numKvHeads?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Base of the rotary frequencies; default 10000. */
  readonly theta?: number;
  /** How the frequencies are stretched for long inputs; default not. */
  readonly scaling?: RotaryScaling | undefined;
  /** Longest input of the training, which a config names and nothing enforces; default 2048. */
  readonly trainedLength?: number;
  /** Which projections of attention have a bias; default none, Qwen2 has query, key and value. */
  readonly attentionBias?: boolean | ProjectionBias;
  /** Whether the feed-forward network has biases; default false. */
  readonly feedForwardBias?: boolean;
  /** Whether queries and keys are normed before they are turned; default false, Qwen3 true. */
  readonly queryKeyNorm?: boolean;
  /** The number of keys that layer `index` sees, itself included; default all, Mistral 4096. */
  readonly window?: (index: number) => number | undefined;
  /** Default `"silu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-6. */
  readonly eps?: number;
  /** Whether the head is the token embedding; default false. */
  readonly tiedHead?: boolean;
}

/**
 * A decoder with rotary positions, grouped heads, RMSNorm before each sublayer and a gated feed-forward network.
 * Touvron et al. 2023; Mistral and Qwen by its options.
 *
 * @throws ValueError when a size is no positive integer or does not divide
 */
export function llama(sizes: LlamaSizes): LanguageModel {
  return building(() => {
    const { vocabSize, dModel, dropout = 0, eps = 1e-6, tiedHead = false, random = new Random(0) } = sizes;
    const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
    return new LanguageModel({
      input: new InputEmbedding({ tokenEmbedding, dropout }),
      stack: new TransformerStack({
        layers: layersOf(sizes, (own, index) => llamaLayer(sizes, own, index)),
        finalNorm: new RMSNorm({ features: dModel, eps }),
      }),
      head: tiedHead
        ? new TiedHead({ embedding: tokenEmbedding })
        : new Linear({ inFeatures: dModel, outFeatures: vocabSize, bias: false, init: normalInit(0.02), random: random.split("head") }),
    });
  });
}

function llamaLayer(sizes: LlamaSizes, random: Random, index: number): TransformerLayer {
  const { dModel, hiddenDim, activation = "silu", feedForwardBias: bias = false, dropout = 0, eps = 1e-6, window } = sizes;
  const keys = window?.(index);
  return new TransformerLayer({
    attention: llamaAttention(sizes, random.split("attention")),
    attentionNorm: new RMSNorm({ features: dModel, eps }),
    feedForward: gatedFeedForward({ dModel, hiddenDim, activation, bias, random: random.split("feedForward") }),
    feedForwardNorm: new RMSNorm({ features: dModel, eps }),
    mask: keys === undefined ? causal() : lastN(keys),
    dropout,
  });
}

function llamaAttention(sizes: LlamaSizes, random: Random): MultiHeadAttention {
  const { dModel, numHeads, numKvHeads = numHeads, headDim = dModel / numHeads, theta = 10000, scaling, eps = 1e-6 } = sizes;
  const { attentionBias = false, queryKeyNorm = false, dropout = 0 } = sizes;
  const norm = () => new RMSNorm({ features: headDim, eps });
  return multiHeadAttention({
    dModel,
    numHeads,
    numKvHeads,
    headDim,
    bias: attentionBias,
    rotary: new RotaryEmbedding({ headDim, theta, ...(scaling && { scaling }) }),
    ...(queryKeyNorm && { queryNorm: norm(), keyNorm: norm() }),
    dropout,
    random,
  });
}
