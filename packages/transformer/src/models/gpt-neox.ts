import { multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, feedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { LayerNorm } from "@tfblocks/norm";
import { RotaryEmbedding, type RotaryScaling } from "@tfblocks/positional";
import { building, Linear, normalInit, Random } from "@tfblocks/tensor-utils";
import { InputEmbedding } from "../blocks/input-embedding.js";
import { LanguageModel } from "../blocks/language-model.js";
import type { Layer } from "../blocks/layer-options.js";
import { ParallelLayer } from "../blocks/parallel-layer.js";
import { TransformerStack } from "../blocks/stack.js";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";
import { layersOf, type ModelSizes } from "./sizes.js";

/** Sizes of {@link gptNeoX}. */
export interface GptNeoXSizes extends ModelSizes {
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Dimensions of each head that are turned; default a quarter of headDim. */
  readonly rotaryDim?: number;
  /** Base of the rotary frequencies; default 10000. */
  readonly theta?: number;
  readonly scaling?: RotaryScaling | undefined;
  /** Whether both sublayers look at the same stream; default true. */
  readonly parallel?: boolean;
  /** Whether attention's projections have biases; default true. */
  readonly attentionBias?: boolean;
  /** Default `"gelu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-5. */
  readonly eps?: number;
}

/**
 * A decoder with partly rotary positions, whose sublayers run side by side. Black et al. 2022; Pythia.
 *
 * @throws ValueError when a size is no positive integer or does not divide
 */
export function gptNeoX(sizes: GptNeoXSizes): LanguageModel {
  return building(() => {
    const { vocabSize, dModel, dropout = 0, eps = 1e-5, random = new Random(0) } = sizes;
    const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
    return new LanguageModel({
      input: new InputEmbedding({ tokenEmbedding, dropout }),
      stack: new TransformerStack({
        layers: layersOf(sizes, (own) => gptNeoXLayer(sizes, own)),
        finalNorm: new LayerNorm({ features: dModel, eps }),
      }),
      head: new Linear({ inFeatures: dModel, outFeatures: vocabSize, bias: false, init: normalInit(0.02), random: random.split("head") }),
    });
  });
}

function gptNeoXLayer(sizes: GptNeoXSizes, random: Random): Layer {
  const { dModel, numHeads, hiddenDim = 4 * dModel, activation = "gelu", parallel = true, dropout = 0, eps = 1e-5 } = sizes;
  const { theta = 10000, scaling, attentionBias: bias = true } = sizes;
  const headDim = dModel / numHeads;
  const { rotaryDim = headDim / 4 } = sizes;
  const rotary = new RotaryEmbedding({ headDim, rotaryDim, theta, ...(scaling && { scaling }) });
  const parts = {
    attention: multiHeadAttention({ dModel, numHeads, bias, rotary, dropout, random: random.split("attention") }),
    attentionNorm: new LayerNorm({ features: dModel, eps }),
    feedForward: feedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: new LayerNorm({ features: dModel, eps }),
    mask: causal(),
    dropout,
  };
  return parallel ? new ParallelLayer(parts) : new TransformerLayer(parts);
}
