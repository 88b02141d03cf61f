import { type Tensor, tanh, zeros } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { activation as activationNamed, type ActivationName, feedForward } from "@tfblocks/feed-forward";
import { LayerNorm } from "@tfblocks/norm";
import { LearnedPositions } from "@tfblocks/positional";
import { building, Linear, normalInit, parameter, Random } from "@tfblocks/tensor-utils";
import { Activated } from "../blocks/activated.js";
import { TiedHead } from "../blocks/heads.js";
import { InputEmbedding } from "../blocks/input-embedding.js";
import { LanguageModel } from "../blocks/language-model.js";
import { postNorm } from "../blocks/residual.js";
import { TransformerStack } from "../blocks/stack.js";
import { TokenEmbedding } from "../blocks/token-embedding.js";
import { TransformerLayer } from "../blocks/transformer-layer.js";
import { layersOf, type ModelSizes } from "./sizes.js";

/** Sizes of {@link bert}. */
export interface BertSizes extends ModelSizes {
  /** Longest input. */
  readonly maxLength: number;
  /** Default 4 · dModel. */
  readonly hiddenDim?: number;
  /** Default 2. */
  readonly numSegments?: number;
  /** Default `"gelu"`. */
  readonly activation?: ActivationName;
  /** Default 1e-12. */
  readonly eps?: number;
  /** Whether there is a head that predicts masked tokens; default true. */
  readonly maskedLanguageHead?: boolean;
  /** Whether there is a pooler of the first position; default false. */
  readonly pooler?: boolean;
}

/**
 * An encoder with learned positions and segments, and LayerNorm after each sum. Devlin et al. 2018.
 *
 * @throws ValueError when a size is no positive integer, or numHeads does not divide dModel
 */
export function bert(sizes: BertSizes): LanguageModel {
  return building(() => {
    const { dModel, dropout = 0, eps = 1e-12, maxLength, maskedLanguageHead = true, pooler = false } = sizes;
    const input = bertInput(sizes);
    return new LanguageModel({
      input: new InputEmbedding({ ...input, embeddingNorm: new LayerNorm({ features: dModel, eps }), maxLength, dropout }),
      stack: new TransformerStack({ layers: layersOf(sizes, (own) => bertLayer(sizes, own)) }),
      ...(maskedLanguageHead && bertHead(sizes, input.tokenEmbedding)),
      ...(pooler && { pooler: square(sizes, "pooler", (x) => tanh(x)) }),
    });
  });
}

function bertInput({ vocabSize, dModel, maxLength, numSegments = 2, random = new Random(0) }: BertSizes) {
  return {
    tokenEmbedding: new TokenEmbedding({ vocabSize, dModel, random: random.split("tokenEmbedding") }),
    positionEmbedding: new LearnedPositions({ maxLength, dModel, init: normalInit(0.02), random: random.split("positionEmbedding") }),
    segmentEmbedding: new TokenEmbedding({ vocabSize: numSegments, dModel, random: random.split("segmentEmbedding") }),
  };
}

function bertLayer({ dModel, numHeads, hiddenDim = 4 * dModel, activation = "gelu", dropout = 0, eps = 1e-12 }: BertSizes, random: Random) {
  return new TransformerLayer({
    attention: multiHeadAttention({ dModel, numHeads, dropout, random: random.split("attention") }),
    attentionNorm: new LayerNorm({ features: dModel, eps }),
    feedForward: feedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: new LayerNorm({ features: dModel, eps }),
    residual: postNorm,
    dropout,
  });
}

function bertHead(sizes: BertSizes, tokenEmbedding: TokenEmbedding) {
  const { dModel, eps = 1e-12, activation = "gelu" } = sizes;
  return {
    headTransform: square(sizes, "headTransform", activationNamed(activation)),
    headNorm: new LayerNorm({ features: dModel, eps }),
    head: new TiedHead({ embedding: tokenEmbedding, bias: parameter(() => zeros([tokenEmbedding.vocabSize])) }),
  };
}

function square({ dModel, random = new Random(0) }: BertSizes, name: string, activate: (x: Tensor) => Tensor): Activated {
  const linear = new Linear({ inFeatures: dModel, outFeatures: dModel, init: normalInit(0.02), random: random.split(name) });
  return new Activated({ map: linear, activation: activate });
}
