import type { MultiHeadAttention, MultiHeadAttentionSizes } from "@tfblocks/attention";
import { gatedFeedForward } from "@tfblocks/feed-forward";
import { RMSNorm } from "@tfblocks/norm";
import { type Block, checkPositive, type Complete, type Random } from "@tfblocks/tensor-utils";
import { CappedHead } from "../../blocks/heads.js";
import type { LanguageModel } from "../../blocks/language-model.js";
import { sandwichNorm } from "../../blocks/residual.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import type { GemmaLikeSizes } from "./gemma-like-sizes.js";
import { groupedAttention, llamaLike } from "./llama-like-model.js";
import { windowMask } from "./window.js";

type Sizes = Complete<GemmaLikeSizes>;

/** The parts of attention in which Gemma 2 and Gemma 3 differ. */
type AttentionParts = Pick<MultiHeadAttentionSizes, "queryNorm" | "keyNorm" | "softcap" | "rotary">;

/**
 * A decoder with RMSNorm before and after each sublayer, whose weights are stored minus 1, and embeddings scaled by sqrt(dModel).
 *
 * @param name of the builder, for its errors
 * @param attention the parts of each layer's attention in which families differ
 */
export function gemmaLike(name: string, sizes: Sizes, attention: (index: number) => AttentionParts): LanguageModel {
  const { dModel, queryScalar, logitSoftcap, attentionBias: bias } = sizes;
  checkPositive(name, "queryScalar", queryScalar);
  checkCap(name, "logitSoftcap", logitSoftcap);
  return llamaLike(
    name,
    sizes,
    (random, index) => {
      const settings = { bias, scale: 1 / Math.sqrt(queryScalar) };
      return layer(sizes, random, groupedAttention(sizes, random, { ...settings, ...attention(index) }), index);
    },
    { embeddingScale: Math.sqrt(dModel), weightOffset: 1, wrapHead: (head) => capped(head, logitSoftcap) },
  );
}

/** @throws ValueError when a cap is neither a finite number > 0 nor Infinity */
export function checkCap(operation: string, name: string, cap: number): void {
  if (cap !== Infinity) checkPositive(operation, name, cap);
}

/** An RMSNorm whose weight is stored minus 1. */
export function gemmaNorm(features: number, eps: number): RMSNorm {
  return new RMSNorm({ features, eps, weightOffset: 1 });
}

function layer(sizes: Sizes, random: Random, attention: MultiHeadAttention, index: number): TransformerLayer {
  const { dModel, hiddenDim, activation, dropout, eps, window } = sizes;
  return new TransformerLayer({
    attention,
    attentionNorm: gemmaNorm(dModel, eps),
    attentionPostNorm: gemmaNorm(dModel, eps),
    feedForward: gatedFeedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: gemmaNorm(dModel, eps),
    feedForwardPostNorm: gemmaNorm(dModel, eps),
    residual: sandwichNorm,
    mask: windowMask(window, index),
    dropout,
  });
}

function capped(head: Block, cap: number): Block {
  return cap === Infinity ? head : new CappedHead({ head, cap });
}
