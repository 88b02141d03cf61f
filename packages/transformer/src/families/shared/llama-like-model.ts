import { multiHeadAttention, type MultiHeadAttention, type MultiHeadAttentionSizes } from "@tfblocks/attention";
import { gatedFeedForward } from "@tfblocks/feed-forward";
import { causal, type Mask } from "@tfblocks/masks";
import { RMSNorm } from "@tfblocks/norm";
import { RotaryEmbedding } from "@tfblocks/positional";
import type { Complete, Random } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../../blocks/input-embedding.js";
import { LanguageModel } from "../../blocks/language-model.js";
import type { Layer } from "../../blocks/layer-options.js";
import { TransformerStack } from "../../blocks/stack.js";
import { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import { decoderHead } from "./language-head.js";
import type { LlamaLikeSizes } from "./llama-like-sizes.js";
import { checkModelSizes, layersOf } from "./model-sizes.js";

type Sizes = Complete<LlamaLikeSizes>;

/** A decoder without learned positions: token embedding, layers, RMSNorm, head. @param name of the builder, for its errors */
export function llamaLike(name: string, sizes: Sizes, layer: (random: Random, index: number) => Layer): LanguageModel {
  checkModelSizes(name, sizes);
  const { vocabSize, dModel, dropout, eps, random } = sizes;
  const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
  return new LanguageModel({
    input: new InputEmbedding({ tokenEmbedding, dropout }),
    stack: new TransformerStack({ layers: layersOf(sizes, layer), finalNorm: new RMSNorm({ features: dModel, eps }) }),
    head: decoderHead(sizes, tokenEmbedding),
  });
}

/** The parts of a layer in which families differ. */
interface LayerParts {
  readonly attention: MultiHeadAttention;
  readonly feedForwardBias?: boolean;
  /** Default `causal()`. */
  readonly mask?: Mask;
}

/** A layer with RMSNorm before each sublayer and a gated feed-forward network. */
export function llamaLikeLayer(sizes: Sizes, random: Random, parts: LayerParts): TransformerLayer {
  const { attention, feedForwardBias: bias = false, mask = causal() } = parts;
  const { dModel, hiddenDim, activation, dropout, eps } = sizes;
  return new TransformerLayer({
    attention,
    attentionNorm: new RMSNorm({ features: dModel, eps }),
    feedForward: gatedFeedForward({ dModel, hiddenDim, activation, bias, random: random.split("feedForward") }),
    feedForwardNorm: new RMSNorm({ features: dModel, eps }),
    mask,
    dropout,
  });
}

/** Attention with rotary positions and grouped heads. @param parts in which families differ, for example norms of queries and keys */
export function groupedAttention(
  { dModel, numHeads, numKvHeads, headDim, theta, scaling, dropout }: Sizes,
  random: Random,
  parts: Pick<MultiHeadAttentionSizes, "bias" | "queryNorm" | "keyNorm" | "scale" | "softcap">,
): MultiHeadAttention {
  return multiHeadAttention({
    dModel,
    numHeads,
    numKvHeads,
    headDim,
    rotary: new RotaryEmbedding({ headDim, theta, ...(scaling && { scaling }) }),
    ...parts,
    dropout,
    random: random.split("attention"),
  });
}
