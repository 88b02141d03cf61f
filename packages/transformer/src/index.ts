export { Activated } from "./blocks/activated.js";
export {
  type DecodeOptions,
  type EncodeOptions,
  EncoderDecoder,
  type EncoderDecoderOptions,
  type EncoderDecoderParts,
  type EncoderDecoderResult,
} from "./blocks/encoder-decoder.js";
export { CappedHead, ScaledHead, TiedHead } from "./blocks/heads.js";
export { InputEmbedding, type InputEmbeddingParts, type InputOptions, type PositionRule } from "./blocks/input-embedding.js";
export {
  type HiddenOptions,
  LanguageModel,
  type LanguageModelParts,
  type ModelOptions,
  type ModelResult,
} from "./blocks/language-model.js";
export type { Layer, LayerOptions, LayerResult } from "./blocks/layer-options.js";
export { MemoryCache } from "./blocks/memory-cache.js";
export { ModelCache } from "./blocks/model-cache.js";
export { ParallelLayer, type ParallelLayerParts } from "./blocks/parallel-layer.js";
export { Normed } from "./blocks/normed.js";
export { outputNorm, postNorm, preNorm, type Residual, sandwichNorm, scaledPreNorm, type SublayerNorms } from "./blocks/residual.js";
export { type PositionBias, type StackOptions, type StackParts, type StackResult, TransformerStack } from "./blocks/stack.js";
export type { AttentionPart, CrossAttentionPart, FeedForwardPart } from "./blocks/sublayers.js";
export { TokenEmbedding, type TokenEmbeddingPart, type TokenEmbeddingSizes } from "./blocks/token-embedding.js";
export { TransformerLayer, type TransformerLayerParts } from "./blocks/transformer-layer.js";
