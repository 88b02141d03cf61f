import { multiHeadAttention } from "@tfblocks/attention";
import { type ActivationName, feedForward } from "@tfblocks/feed-forward";
import { causal } from "@tfblocks/masks";
import { LayerNorm } from "@tfblocks/norm";
import { LearnedPositions } from "@tfblocks/positional";
import { building, Linear, normalInit, Random } from "@tfblocks/tensor-utils";
import { TiedHead } from "../blocks/heads.js";
import { InputEmbedding } from "../blocks/input-embedding.js";
import { LanguageModel } from "../blocks/language-model.js";
import { TransformerStack } from "../blocks/stack.js";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";
import { layersOf, type ModelSizes } from "./sizes.js";

/** Sizes of {@link gpt2}. */
export interface Gpt2Sizes extends ModelSizes {
  /** Longest input. */
  readonly maxLength: number;
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Default `"geluTanh"`. */
  readonly activation?: ActivationName;
  /** Default 1e-5. */
  readonly eps?: number;
  /** Whether the head is the token embedding; default true. */
  readonly tiedHead?: boolean;
}

/**
 * A decoder with learned positions, LayerNorm before each sublayer and biases everywhere. Radford et al. 2019.
 *
 * @throws ValueError when a size is no positive integer, or numHeads does not divide dModel
 */
export function gpt2(sizes: Gpt2Sizes): LanguageModel {
  return building(() => {
    const { vocabSize, dModel, maxLength, dropout = 0, eps = 1e-5, tiedHead = true, random = new Random(0) } = sizes;
    const init = normalInit(0.02);
    const tokenEmbedding = new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") });
    const positionEmbedding = new LearnedPositions({ maxLength, dModel, init, random: random.split("positionEmbedding") });
    return new LanguageModel({
      input: new InputEmbedding({ tokenEmbedding, positionEmbedding, maxLength, dropout }),
      stack: new TransformerStack({
        layers: layersOf(sizes, (own) => gpt2Layer(sizes, own)),
        finalNorm: new LayerNorm({ features: dModel, eps }),
      }),
      head: tiedHead
        ? new TiedHead({ embedding: tokenEmbedding })
        : new Linear({ inFeatures: dModel, outFeatures: vocabSize, bias: false, init, random: random.split("head") }),
    });
  });
}

function gpt2Layer(
  { dModel, numHeads, hiddenDim = 4 * dModel, activation = "geluTanh", dropout = 0, eps = 1e-5 }: Gpt2Sizes,
  random: Random,
) {
  return new TransformerLayer({
    attention: multiHeadAttention({ dModel, numHeads, dropout, random: random.split("attention") }),
    attentionNorm: new LayerNorm({ features: dModel, eps }),
    feedForward: feedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: new LayerNorm({ features: dModel, eps }),
    mask: causal(),
    dropout,
  });
}
