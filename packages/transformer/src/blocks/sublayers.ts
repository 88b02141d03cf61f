import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { AttentionResult, MultiHeadAttention, MultiHeadAttentionOptions } from "@tfblocks/attention";
import { dropout } from "@tfblocks/feed-forward";
import { and, type Mask } from "@tfblocks/masks";
import { type Block, dropoutSeed, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LayerOptions } from "./layer-options.js";
import { partSeed } from "./seeds.js";

/**
 * Self-attention as layers call it, with `[batch, length, dModel]` three times: `MultiHeadAttention`, or one of your own.
 * It gives `weights` only where `needWeights` asks for them, and keeps to the mask, the bias and the cache that it is given.
 */
export type AttentionPart = Block<
  [query: Tensor, key: Tensor, value: Tensor, options?: MultiHeadAttentionOptions],
  AttentionResult<Tensor3D>
>;

/** Cross-attention as layers call it; with a cache the memory is projected once, then attended to at every step. */
export type CrossAttentionPart = AttentionPart & Pick<MultiHeadAttention, "project" | "attend">;

/** A feed-forward network as layers call it. */
export type FeedForwardPart = Block<[x: Tensor, options?: { readonly training?: boolean; readonly seed?: number }]>;

/** What a sublayer of attention gives: its output and, where asked for, its weights. */
export interface Attended {
  readonly output: Tensor;
  readonly weights?: Tensor | undefined;
}

/** Self-attention of a layer whose own mask is `own`. */
export function selfAttend(attention: AttentionPart, own: Mask | undefined, x: Tensor, options: LayerOptions): Attended {
  const { mask, bias, positions, cache, training, seed } = options;
  return attention.apply(x, x, x, {
    mask: both(own, mask),
    bias,
    positions,
    cache,
    needWeights: asksForWeights(options),
    training,
    seed: partSeed(seed, "attention"),
  });
}

/** Attention from a decoder's stream to the memory. */
export function crossAttend(operation: string, attention: CrossAttentionPart, x: Tensor, options: LayerOptions): Attended {
  const { memory, memoryCache, memoryMask, training, seed } = options;
  if (memory === undefined) {
    refuse(ValueError, operation, "memory", "the encoder's output", "undefined", "a layer with cross-attention needs it");
  }
  const attending = { mask: memoryMask, needWeights: asksForWeights(options), training, seed: partSeed(seed, "crossAttention") };
  if (memoryCache === undefined) return attention.apply(x, memory, memory, attending);
  const projected = memoryCache.take(memory, () => attention.project(memory, memory));
  return attention.attend(x, projected, attending);
}

/** Layers return weights only where they are asked for; `MultiHeadAttention` alone returns them by default. */
function asksForWeights({ needWeights = false }: LayerOptions): boolean {
  return needWeights;
}

/** The feed-forward network of a layer. */
export function feed(network: FeedForwardPart, x: Tensor, { training = false, seed }: LayerOptions): Tensor {
  const own = partSeed(seed, "feedForward");
  return network.apply(x, { training, ...(own !== undefined && { seed: own }) });
}

/** A sublayer's output as it joins the stream: some of it dropped in training. */
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

function both(own: Mask | undefined, given: Mask | undefined): Mask | undefined {
  return own === undefined || given === undefined ? (own ?? given) : and(own, given);
}
