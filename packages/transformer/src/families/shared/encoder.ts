import type { Tensor } from "@tensorflow/tfjs-core";
import { zeros } from "@tensorflow/tfjs-core";
import { multiHeadAttention } from "@tfblocks/attention";
import { activation as activationNamed, type ActivationName, feedForward } from "@tfblocks/feed-forward";
import { LayerNorm } from "@tfblocks/norm";
import { type Complete, Linear, normalInit, parameter, type Random } from "@tfblocks/tensor-utils";
import { Activated } from "../../blocks/activated.js";
import { TiedHead } from "../../blocks/heads.js";
import type { LanguageModelParts } from "../../blocks/language-model.js";
import { postNorm } from "../../blocks/residual.js";
import type { TokenEmbedding } from "../../blocks/token-embedding.js";
import { TransformerLayer } from "../../blocks/transformer-layer.js";
import type { ModelSizes } from "./model-sizes.js";

/** Sizes that an encoder's layers need. */
interface EncoderSizes extends Complete<ModelSizes> {
  readonly hiddenDim: number;
  readonly activation: ActivationName;
  readonly eps: number;
}

/** A layer of BERT and its relatives: LayerNorm after each sum, biases everywhere. */
export function encoderLayer({ dModel, numHeads, hiddenDim, activation, dropout, eps }: EncoderSizes, random: Random): TransformerLayer {
  return new TransformerLayer({
    attention: multiHeadAttention({ dModel, numHeads, dropout, random: random.split("attention") }),
    attentionNorm: new LayerNorm({ features: dModel, eps }),
    feedForward: feedForward({ dModel, hiddenDim, activation, random: random.split("feedForward") }),
    feedForwardNorm: new LayerNorm({ features: dModel, eps }),
    residual: postNorm,
    dropout,
  });
}

/** A head that predicts masked tokens: norm(activation(linear(x))) weightᵀ + bias, by default with the weight of the token embedding. */
export function maskedTokenHead(
  sizes: Pick<EncoderSizes, "dModel" | "activation" | "eps" | "random"> & { readonly tiedHead: boolean },
  tokenEmbedding: TokenEmbedding,
): Required<Pick<LanguageModelParts, "headTransform" | "headNorm" | "head">> {
  const { dModel, eps, activation, tiedHead, random } = sizes;
  const { vocabSize } = tokenEmbedding;
  return {
    headTransform: activatedLinear(sizes, "headTransform", activationNamed(activation)),
    headNorm: new LayerNorm({ features: dModel, eps }),
    head: tiedHead
      ? new TiedHead({ embedding: tokenEmbedding, bias: parameter(() => zeros([vocabSize])) })
      : new Linear({ inFeatures: dModel, outFeatures: vocabSize, init: normalInit(0.02), random: random.split("head") }),
  };
}

/** activation(linear(x)), `[..., dModel]` to `[..., dModel]`. */
export function activatedLinear(
  { dModel, random }: Pick<EncoderSizes, "dModel" | "random">,
  name: string,
  activation: (x: Tensor) => Tensor,
): Activated {
  const map = new Linear({ inFeatures: dModel, outFeatures: dModel, init: normalInit(0.02), random: random.split(name) });
  return new Activated({ map, activation });
}

/** Whether the name of some tensor ends with `end`. */
export function someEndsWith(names: ReadonlySet<string>, end: string): boolean {
  return [...names].some((name) => name.endsWith(end));
}
