import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { AttentionResult, MultiHeadAttention, MultiHeadAttentionOptions } from "@tfblocks/attention";
import { dropout } from "@tfblocks/feed-forward";
import { and, type Mask } from "@tfblocks/masks";
import { type Block, dropoutSeed, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LayerOptions } from "./layer-options.js";
import { partSeed } from "./seeds.js";

/**
 * The self-attention of a layer: a `MultiHeadAttention`, or any block with the same `apply`. Layers call it with the same
 * tensor `[batch, length, dModel]` as query, key and value. It must apply the mask, the bias and the cache of the options,
 * and return `weights` only if `needWeights` is true.
 */
export type AttentionPart = Block<
  [query: Tensor, key: Tensor, value: Tensor, options?: MultiHeadAttentionOptions],
  AttentionResult<Tensor3D>
>;

/** The cross-attention of a layer. With a cache, the memory is projected once and attended to at every step. */
export type CrossAttentionPart = AttentionPart & Pick<MultiHeadAttention, "project" | "attend">;

/** The feed-forward network of a layer. */
export type FeedForwardPart = Block<[x: Tensor, options?: { readonly training?: boolean; readonly seed?: number }]>;

/** The result of an attention sublayer: its output and, if requested, its weights. */
export interface Attended {
  readonly output: Tensor;
  readonly weights?: Tensor | undefined;
}

/** Applies self-attention. The mask of the layer is combined with that of the options. */
export function selfAttend(attention: AttentionPart, layerMask: Mask | undefined, x: Tensor, options: LayerOptions): Attended {
  const { mask, bias, positions, cache, training, seed } = options;
  return attention.apply(x, x, x, {
    mask: combined(layerMask, mask),
    bias,
    positions,
    cache,
    needWeights: wantsWeights(options),
    training,
    seed: partSeed(seed, "attention"),
  });
}

/** Applies cross-attention to the memory. */
export function crossAttend(operation: string, attention: CrossAttentionPart, x: Tensor, options: LayerOptions): Attended {
  const { memory, memoryCache, memoryMask, training, seed } = options;
  if (memory === undefined) {
    refuse(ValueError, operation, "memory", "the encoder's output", "undefined", "cross-attention requires it");
  }
  const attending = { mask: memoryMask, needWeights: wantsWeights(options), training, seed: partSeed(seed, "crossAttention") };
  if (memoryCache === undefined) return attention.apply(x, memory, memory, attending);
  const projected = memoryCache.get(memory, () => attention.project(memory, memory));
  return attention.attend(x, projected, attending);
}

/** In layers, the default of `needWeights` is false; only `MultiHeadAttention` itself returns weights by default. */
function wantsWeights({ needWeights = false }: LayerOptions): boolean {
  return needWeights;
}

/** Applies the feed-forward network. */
export function feed(network: FeedForwardPart, x: Tensor, { training = false, seed }: LayerOptions): Tensor {
  const networkSeed = partSeed(seed, "feedForward");
  return network.apply(x, { training, ...(networkSeed !== undefined && { seed: networkSeed }) });
}

/** The output of a part, after dropout in training. */
export function dropped(
  operation: string,
  x: Tensor,
  rate: number,
  part: string,
  options: Pick<LayerOptions, "training" | "seed">,
): Tensor {
  const seed = dropoutSeed(operation, rate, options);
  return seed === undefined ? x : dropout(x, { rate, seed: partSeed(seed, `${part} dropout`) });
}

function combined(a: Mask | undefined, b: Mask | undefined): Mask | undefined {
  return a === undefined || b === undefined ? (a ?? b) : and(a, b);
}
