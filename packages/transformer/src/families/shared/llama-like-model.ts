import { multiHeadAttention, type MultiHeadAttention, type MultiHeadAttentionSizes } from "@tfblocks/attention";
import { gatedFeedForward } from "@tfblocks/feed-forward";
import { causal, type Mask } from "@tfblocks/masks";
import { RMSNorm } from "@tfblocks/norm";
import { RotaryEmbedding } from "@tfblocks/positional";
import type { Block, Complete, Linear, Random } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import type { Layer } from "../../blocks/layer-options.js";
import { preNorm, type Residual } from "../../blocks/residual.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import { decoderHead } from "./language-head.js";
import type { LlamaLikeSizes } from "./llama-like-sizes.js";
import { checkModelSizes, layersOf } from "./model-sizes.js";

type Sizes = Complete<LlamaLikeSizes>;

/** The parts of a model in which families differ. */
interface ModelParts {
  /** Factor of the token embedding; default 1. */
  readonly embeddingScale?: number;
  /** Added to the weight of the final norm; default 0. */
  readonly weightOffset?: 0 | 1;
  /** What becomes of the head, for example a `CappedHead`; default it is taken as it is. */
  readonly wrapHead?: (head: Block) => Block;
  /** Default Infinity. */
  readonly restartLength?: number;
}

/** A decoder without learned positions: token embedding, layers, RMSNorm, head. @param name of the builder, for its errors */
export function llamaLike(
  name: string,
  sizes: Sizes,
  layer: (random: Random, index: number) => Layer,
  parts: ModelParts = {},
): LanguageModel {
  checkModelSizes(name, sizes);
  const { vocabSize, dModel, dropout, eps, random } = sizes;
  const { embeddingScale: scale = 1, weightOffset = 0, wrapHead = (head) => head, restartLength } = parts;
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, scale, random: random.split("tokenEmbedding") });
  const head = decoderHead(sizes, tokenEmbedding);
  return new LanguageModel({
    input: new InputEmbedding({ tokenEmbedding, dropout }),
    stack: new TransformerStack({ layers: layersOf(sizes, layer), finalNorm: new RMSNorm({ features: dModel, eps, weightOffset }) }),
    head: head && wrapHead(head),
    restartLength,
  });
}

/** The parts of a layer in which families differ. */
interface LayerParts {
  readonly attention: MultiHeadAttention;
  readonly feedForwardBias?: boolean;
  /** Default `causal()`. */
  readonly mask?: Mask;
  /** Default `preNorm`. */
  readonly residual?: Residual;
}

/** A layer with one RMSNorm for each sublayer, by default before it, and a gated feed-forward network. */
export function llamaLikeLayer(sizes: Sizes, random: Random, parts: LayerParts): TransformerLayer {
  const { attention, feedForwardBias: bias = false, mask = causal(), residual = preNorm } = parts;
  const { dModel, hiddenDim, activation, dropout, eps } = sizes;
  return new TransformerLayer({
    attention,
    attentionNorm: new RMSNorm({ features: dModel, eps }),
    feedForward: gatedFeedForward({ dModel, hiddenDim, activation, bias, random: random.split("feedForward") }),
    feedForwardNorm: new RMSNorm({ features: dModel, eps }),
    mask,
    residual,
    dropout,
  });
}

/** Attention with rotary positions and grouped heads. @param parts in which families differ, for example norms of queries and keys */
export function groupedAttention(
  { dModel, numHeads, numKvHeads, headDim, theta, scaling, dropout }: Sizes,
  random: Random,
  parts: Pick<MultiHeadAttentionSizes, "bias" | "queryNorm" | "keyNorm" | "scale" | "softcap" | "rotary">,
): MultiHeadAttention<Linear> {
  return multiHeadAttention({
    dModel,
    numHeads,
    numKvHeads,
    headDim,
    ...("rotary" in parts ? {} : { rotary: new RotaryEmbedding({ headDim, theta, ...(scaling && { scaling }) }) }),
    ...parts,
    dropout,
    random: random.split("attention"),
  });
}
