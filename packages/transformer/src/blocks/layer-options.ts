import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { KeyValueCache } from "@tfblocks/attention";
import type { Mask } from "@tfblocks/masks";
import type { OptionNames, ParameterMap } from "@tfblocks/tensor-utils";
import type { MemoryCache } from "./memory-cache.js";

/** Options of a layer. */
export interface LayerOptions {
  /** The keys that may be attended to, in addition to the layer's own mask; for example a padding mask. Default all. */
  readonly mask?: Mask | undefined;
  /** Added to the scaled scores, broadcastable to `[batch, heads, queryLength, keyLength]`; default none. */
  readonly bias?: Tensor | undefined;
  /** Absolute positions for rotary embeddings, int32 `[length]` or `[batch, length]`; default: after those of the cache. */
  readonly positions?: Tensor | undefined;
  /** Keys and values of earlier calls; default none. */
  readonly cache?: KeyValueCache | undefined;
  /** The encoder output that cross-attention attends to, `[batch, memoryLength, dModel]`; default none. */
  readonly memory?: Tensor | undefined;
  /** Cache of the keys and values that cross-attention projects from the memory; default none. */
  readonly memoryCache?: MemoryCache | undefined;
  /** The memory positions that may be attended to; default all. */
  readonly memoryMask?: Mask | undefined;
  /** Whether to return attention weights; default false. */
  readonly needWeights?: boolean | undefined;
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Seed of the dropout, an integer from 0 to 2^32 - 1; required when dropout applies. */
  readonly seed?: number | undefined;
}

export const layerOptionNames: OptionNames<LayerOptions> = {
  mask: true,
  bias: true,
  positions: true,
  cache: true,
  memory: true,
  memoryCache: true,
  memoryMask: true,
  needWeights: "flag",
  training: "flag",
  seed: true,
};

/** The result of a layer. The caller owns every tensor. */
export interface LayerResult {
  /** `[batch, length, dModel]` */
  readonly output: Tensor3D;
  /** `[batch, heads, queryLength, keyLength]`, if requested. */
  readonly weights?: Tensor;
  /** `[batch, heads, queryLength, memoryLength]`, if requested and the layer has cross-attention. */
  readonly crossWeights?: Tensor;
}

/** A layer of a stack. */
export interface Layer {
  apply(x: Tensor, options?: LayerOptions): LayerResult;
  parameters(): ParameterMap;
  dispose(): void;
}
