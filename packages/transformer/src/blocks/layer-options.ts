import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { KeyValueCache } from "@tfblocks/attention";
import type { Mask } from "@tfblocks/masks";
import type { OptionNames, ParameterMap } from "@tfblocks/tensor-utils";
import type { MemoryCache } from "./memory-cache.js";

/** What a layer takes beside its input. */
export interface LayerOptions {
  /** Which keys may be attended to, beside the layer's own mask, for example padding; default all. */
  readonly mask?: Mask | undefined;
  /** Added to the scaled scores, broadcastable to `[batch, heads, queryLength, keyLength]`; default none. */
  readonly bias?: Tensor | undefined;
  /** Absolute positions for rotary parts, int32 `[length]` or `[batch, length]`; default: counted on from the cache. */
  readonly positions?: Tensor | undefined;
  /** Keys and values of earlier calls. */
  readonly cache?: KeyValueCache | undefined;
  /** What a decoder's cross-attention looks at, `[batch, memoryLength, dModel]`. */
  readonly memory?: Tensor | undefined;
  /** Keys and values that cross-attention projected from the memory. */
  readonly memoryCache?: MemoryCache | undefined;
  /** Which of it may be looked at; default all. */
  readonly memoryMask?: Mask | undefined;
  /** Whether to return attention weights; default false. */
  readonly needWeights?: boolean | undefined;
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Which cells dropout drops, 0 .. 2^32 - 1; required when it applies. */
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
  needWeights: true,
  training: true,
  seed: true,
};

/** What a layer gives; every tensor belongs to the caller. */
export interface LayerResult {
  /** `[batch, length, dModel]` */
  readonly output: Tensor3D;
  /** `[batch, heads, queryLength, keyLength]`, where asked for. */
  readonly weights?: Tensor;
  /** `[batch, heads, queryLength, memoryLength]`, where asked for and there is cross-attention. */
  readonly crossWeights?: Tensor;
}

/** A layer of a stack. */
export interface Layer {
  apply(x: Tensor, options?: LayerOptions): LayerResult;
  parameters(): ParameterMap;
  dispose(): void;
}
