import type { Tensor } from "@tensorflow/tfjs-core";
import type { MultiHeadAttention } from "@tfblocks/attention";
import { dropout } from "@tfblocks/feed-forward";
import { and, type Mask } from "@tfblocks/masks";
import { type Block, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { LayerOptions } from "./layer-options.js";
import { partSeed } from "./seeds.js";

/** A feed-forward network as layers call it. */
export type FeedForwardPart = Block<[x: Tensor, options?: { readonly training?: boolean; readonly seed?: number }]>;

/** Weights that sublayers hand out on the way. */
export interface TakenWeights {
  weights?: Tensor;
  crossWeights?: Tensor;
}

/** Self-attention of a layer whose own mask is `own`. */
export function selfAttend(
  attention: MultiHeadAttention,
  own: Mask | undefined,
  x: Tensor,
  options: LayerOptions,
  taken: TakenWeights,
): Tensor {
  const { bias, positions, cache, needWeights = false, training = false, seed } = options;
  const { output, weights } = attention.apply(x, x, x, {
    mask: both(own, options.mask),
    bias,
    positions,
    cache,
    needWeights,
    training,
    seed: partSeed(seed, "attention"),
  });
  if (weights !== undefined) taken.weights = weights;
  return output;
}

/** Attention from a decoder's stream to the memory. */
export function crossAttend(attention: MultiHeadAttention, x: Tensor, options: LayerOptions, taken: TakenWeights): Tensor {
  const { memory, memoryCache, memoryMask, needWeights = false, training = false, seed } = options;
  if (memory === undefined) {
    refuse(ValueError, "TransformerLayer.apply", "memory", "the encoder's output", "undefined", "a layer with cross-attention needs it");
  }
  const project = () => attention.project(memory, memory);
  const { output, weights } = attention.attend(x, memoryCache?.take(memory, project) ?? project(), {
    mask: memoryMask,
    needWeights,
    training,
    seed: partSeed(seed, "crossAttention"),
  });
  if (weights !== undefined) taken.crossWeights = weights;
  return output;
}

/** The feed-forward network of a layer. */
export function feed(network: FeedForwardPart, x: Tensor, { training = false, seed }: LayerOptions): Tensor {
  const own = partSeed(seed, "feedForward");
  return network.apply(x, { training, ...(own !== undefined && { seed: own }) });
}

/** A sublayer's output as it joins the stream: some of it dropped in training. */
export function dropped(x: Tensor, rate: number, part: string, { training = false, seed }: LayerOptions): Tensor {
  if (!training || rate === 0) return x;
  if (seed === undefined) {
    refuse(
      ValueError,
      "TransformerLayer.apply",
      "seed",
      "an integer when training with dropout",
      "undefined",
      "give another seed each step",
    );
  }
  return dropout(x, { rate, seed: partSeed(seed, `${part} dropout`)! });
}

function both(own: Mask | undefined, given: Mask | undefined): Mask | undefined {
  return own === undefined || given === undefined ? (own ?? given) : and(own, given);
}
