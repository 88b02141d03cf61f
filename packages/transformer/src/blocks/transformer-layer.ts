import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import {
  type Block,
  checkBlock,
  checkOptions,
  checkPair,
  checkRate,
  checkShapes,
  Composite,
  type OptionNames,
  type Parts,
  scope,
} from "@tfblocks/tensor-utils";
import { type Layer, type LayerOptions, layerOptionNames, type LayerResult } from "./layer-options.js";
import { preNorm, type Residual } from "./residual.js";
import {
  type Attended,
  type AttentionPart,
  type CrossAttentionPart,
  crossAttend,
  dropped,
  feed,
  type FeedForwardPart,
  selfAttend,
} from "./sublayers.js";

/** Parts and settings of a {@link TransformerLayer}, which takes ownership of the parts. */
export interface TransformerLayerParts {
  readonly attention: AttentionPart;
  readonly attentionNorm: Block;
  /** The second norm of `sandwichNorm`; default none. */
  readonly attentionPostNorm?: Block | undefined;
  /** Attends to the encoder output in a decoder; default none. */
  readonly crossAttention?: CrossAttentionPart | undefined;
  readonly crossAttentionNorm?: Block | undefined;
  /** Default none, for a layer with attention only. */
  readonly feedForward?: FeedForwardPart | undefined;
  readonly feedForwardNorm?: Block | undefined;
  /** The second norm of `sandwichNorm`; default none. */
  readonly feedForwardPostNorm?: Block | undefined;
  /** The keys that self-attention may attend to in every call, for example `causal()`; default all. */
  readonly mask?: Mask | undefined;
  /** Where the norms apply and how sublayers are added to the stream; default `preNorm`. */
  readonly residual?: Residual | undefined;
  /** Probability of dropping an element of a sublayer's output in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

const partNames: OptionNames<TransformerLayerParts> = {
  attention: true,
  attentionNorm: true,
  attentionPostNorm: true,
  crossAttention: true,
  crossAttentionNorm: true,
  feedForward: true,
  feedForwardNorm: true,
  feedForwardPostNorm: true,
  mask: true,
  residual: true,
  dropout: true,
};

/**
 * One layer of a transformer: self-attention, then optional cross-attention and an optional feed-forward network. The
 * residual rule applies to each of them. Source: Vaswani et al. 2017, section 3.1.
 *
 * Parameters: `attention.*`, `attentionNorm.*`, `attentionPostNorm.*`, `crossAttention.*`, `crossAttentionNorm.*`,
 * `feedForward.*`, `feedForwardNorm.*`, `feedForwardPostNorm.*`, for the parts that are present.
 */
export class TransformerLayer extends Composite implements Layer {
  readonly attention: AttentionPart;
  readonly attentionNorm: Block;
  readonly attentionPostNorm: Block | undefined;
  readonly crossAttention: CrossAttentionPart | undefined;
  readonly crossAttentionNorm: Block | undefined;
  readonly feedForward: FeedForwardPart | undefined;
  readonly feedForwardNorm: Block | undefined;
  readonly feedForwardPostNorm: Block | undefined;
  readonly mask: Mask | undefined;
  readonly residual: Residual;
  readonly dropout: number;

  /** @throws ValueError when the dropout is outside [0, 1), a part is unknown, or a sublayer or its norm is missing */
  constructor(parts: TransformerLayerParts) {
    super("TransformerLayer");
    const { mask, residual = preNorm, dropout = 0 } = checkParts(parts);
    ({ attention: this.attention, attentionNorm: this.attentionNorm, attentionPostNorm: this.attentionPostNorm } = parts);
    ({ crossAttention: this.crossAttention, crossAttentionNorm: this.crossAttentionNorm } = parts);
    ({ feedForward: this.feedForward, feedForwardNorm: this.feedForwardNorm, feedForwardPostNorm: this.feedForwardPostNorm } = parts);
    this.mask = mask;
    this.residual = residual;
    this.dropout = dropout;
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the parts; ValueError when an option is unknown
   */
  apply(x: Tensor, options: LayerOptions = {}): LayerResult {
    checkOptions("TransformerLayer.apply", options, layerOptionNames);
    checkShapes("TransformerLayer.apply", { x: [x, "batch length dModel"] });
    return scope(() => {
      const { output: y, weights } = this.#selfAttention(x, options); // [batch, length, dModel]
      const { output: z, weights: crossWeights } = this.#crossAttention(y, options);
      const output = this.#feedForward(z, options) as Tensor3D;
      return { output, ...(weights && { weights }), ...(crossWeights && { crossWeights }) };
    });
  }

  parts(): Parts {
    const { attention, attentionNorm, attentionPostNorm, crossAttention, crossAttentionNorm } = this;
    const { feedForward, feedForwardNorm, feedForwardPostNorm } = this;
    const attentions = { attention, attentionNorm, attentionPostNorm, crossAttention, crossAttentionNorm };
    return { ...attentions, feedForward, feedForwardNorm, feedForwardPostNorm };
  }

  #selfAttention(x: Tensor, options: LayerOptions): Attended {
    const { attention, attentionNorm: norm, attentionPostNorm: postNorm, mask, residual } = this;
    const { output: y, weights } = selfAttend(attention, mask, residual.read(x, { norm, postNorm }), options);
    return { output: residual.join(x, this.#dropped(y, "attention", options), { norm, postNorm }), weights };
  }

  #crossAttention(x: Tensor, options: LayerOptions): Attended {
    const { crossAttention, crossAttentionNorm: norm, residual } = this;
    if (crossAttention === undefined || norm === undefined) return { output: x };
    const { output: y, weights } = crossAttend("TransformerLayer.apply", crossAttention, residual.read(x, { norm }), options);
    return { output: residual.join(x, this.#dropped(y, "crossAttention", options), { norm }), weights };
  }

  #feedForward(x: Tensor, options: LayerOptions): Tensor {
    const { feedForward, feedForwardNorm: norm, feedForwardPostNorm: postNorm, residual } = this;
    if (feedForward === undefined || norm === undefined) return x;
    const y = feed(feedForward, residual.read(x, { norm, postNorm }), options);
    return residual.join(x, this.#dropped(y, "feedForward", options), { norm, postNorm });
  }

  #dropped(y: Tensor, sublayer: string, options: LayerOptions): Tensor {
    return dropped("TransformerLayer.apply", y, this.dropout, sublayer, options);
  }
}

function checkParts(parts: TransformerLayerParts): TransformerLayerParts {
  const operation = "TransformerLayer";
  const {
    attention,
    attentionNorm,
    crossAttention,
    crossAttentionNorm,
    feedForward,
    feedForwardNorm,
    dropout = 0,
  } = checkOptions(operation, parts, partNames, "part");
  checkBlock(operation, "attention", attention);
  checkRate(operation, "dropout", dropout);
  checkPair(operation, { attention, attentionNorm });
  checkPair(operation, { crossAttention, crossAttentionNorm });
  checkPair(operation, { feedForward, feedForwardNorm });
  return parts;
}
