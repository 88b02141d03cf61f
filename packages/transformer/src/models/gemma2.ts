import { type MultiHeadAttention, multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, gatedFeedForward } from "@tfblocks/feed-forward";
import { causal, lastN } from "@tfblocks/masks";
import { RMSNorm } from "@tfblocks/norm";
import { RotaryEmbedding } from "@tfblocks/positional";
import { building, Random } from "@tfblocks/tensor-utils";
import { CappedHead, TiedHead } from "../blocks/heads.js";
import { InputEmbedding } from "../blocks/input-embedding.js";
import { LanguageModel } from "../blocks/language-model.js";
import { sandwichNorm } from "../blocks/residual.js";
import { TransformerStack } from "../blocks/stack.js";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";
import { layersOf, type ModelSizes } from "./sizes.js";

/** Sizes of {@link gemma2}. */
export interface Gemma2Sizes extends ModelSizes {
  readonly hiddenDim: number;
  /** A divisor of numHeads; default numHeads. */
  readonly numKvHeads?: number;
  /** Default dModel / numHeads. */
  readonly headDim?: number;
  /** Base of the rotary frequencies; default 10000. */
  readonly theta?: number;
  /** Scores are divided by its root; default headDim. */
  readonly queryScalar?: number;
  /** Caps scores to ±this; default 50. */
  readonly attentionSoftcap?: number | undefined;
  /** Caps logits to ±this; default 30. */
  readonly logitSoftcap?: number | undefined;
  /** The number of keys that layer `index` sees, itself included; default 4096 in every other layer, from the first. */
  readonly window?: (index: number) => number | undefined;
  /** Default `"geluTanh"`. */
  readonly activation?: ActivationName;
  /** Default 1e-6. */
  readonly eps?: number;
}

/**
 * A decoder with RMSNorm before and after each sublayer, capped scores and logits, and windows in every other layer.
 * Gemma Team 2024.
 *
 * @throws ValueError when a size is no positive integer or does not divide
 */
export function gemma2(sizes: Gemma2Sizes): LanguageModel {
  return building(() => {
    const { vocabSize, dModel, dropout = 0, logitSoftcap = 30, eps = 1e-6, random = new Random(0) } = sizes;
    const scale = Math.sqrt(dModel);
    const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, scale, random: random.split("tokenEmbedding") });
    return new LanguageModel({
      input: new InputEmbedding({ tokenEmbedding, dropout }),
      stack: new TransformerStack({
        layers: layersOf(sizes, (own, index) => gemma2Layer(sizes, own, index)),
        finalNorm: new RMSNorm({ features: dModel, eps, weightOffset: 1 }),
      }),
      head: new CappedHead({ head: new TiedHead({ embedding: tokenEmbedding }), cap: logitSoftcap }),
    });
  });
}

function gemma2Layer(sizes: Gemma2Sizes, random: Random, index: number): TransformerLayer {
  const { dModel, hiddenDim, activation = "geluTanh", dropout = 0, eps = 1e-6, window = everyOther } = sizes;
  const norm = () => new RMSNorm({ features: dModel, eps, weightOffset: 1 });
  const keys = window(index);
  return new TransformerLayer({
    attention: gemma2Attention(sizes, random.split("attention")),
    attentionNorm: norm(),
    attentionPostNorm: norm(),
    feedForward: gatedFeedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: norm(),
    feedForwardPostNorm: norm(),
    residual: sandwichNorm,
    mask: keys === undefined ? causal() : lastN(keys),
    dropout,
  });
}

function gemma2Attention(sizes: Gemma2Sizes, random: Random): MultiHeadAttention {
  const { dModel, numHeads, numKvHeads = numHeads, headDim = dModel / numHeads, theta = 10000, dropout = 0 } = sizes;
  const { queryScalar = headDim, attentionSoftcap: softcap = 50 } = sizes;
  return multiHeadAttention({
    dModel,
    numHeads,
    numKvHeads,
    headDim,
    bias: false,
    scale: 1 / Math.sqrt(queryScalar),
    softcap,
    rotary: new RotaryEmbedding({ headDim, theta }),
    dropout,
    random,
  });
}

const everyOther = (index: number): number | undefined => (index % 2 === 0 ? 4096 : undefined);
