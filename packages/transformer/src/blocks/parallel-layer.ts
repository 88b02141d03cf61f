import { add, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
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
import { type AttentionPart, dropped, feed, type FeedForwardPart, selfAttend } from "./sublayers.js";

/** Parts and settings of a {@link ParallelLayer}, which takes ownership of the parts. */
export interface ParallelLayerParts {
  readonly attention: AttentionPart;
  readonly attentionNorm: Block;
  readonly feedForward: FeedForwardPart;
  readonly feedForwardNorm: Block;
  /** The keys that may be attended to in every call, for example `causal()`; default all. */
  readonly mask?: Mask | undefined;
  /** Probability of dropping an element of a sublayer's output in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

const partNames: OptionNames<ParallelLayerParts> = {
  attention: true,
  attentionNorm: true,
  feedForward: true,
  feedForwardNorm: true,
  mask: true,
  dropout: true,
};

/**
 * A layer whose sublayers have the same input: x + attention(attentionNorm(x)) + feedForward(feedForwardNorm(x)). Source:
 * Wang and Komatsuzaki 2021 (GPT-J); GPT-NeoX.
 *
 * Parameters: `attention.*`, `attentionNorm.*`, `feedForward.*`, `feedForwardNorm.*`.
 */
export class ParallelLayer extends Composite implements Layer {
  readonly attention: AttentionPart;
  readonly attentionNorm: Block;
  readonly feedForward: FeedForwardPart;
  readonly feedForwardNorm: Block;
  readonly mask: Mask | undefined;
  readonly dropout: number;

  /** @throws ValueError when the dropout is outside [0, 1), a part is unknown, or a sublayer or its norm is missing */
  constructor(parts: ParallelLayerParts) {
    super("ParallelLayer");
    const {
      attention,
      attentionNorm,
      feedForward,
      feedForwardNorm,
      mask,
      dropout = 0,
    } = checkOptions("ParallelLayer", parts, partNames, "part");
    checkRate("ParallelLayer", "dropout", dropout);
    checkPair("ParallelLayer", { attention, attentionNorm });
    checkPair("ParallelLayer", { feedForward, feedForwardNorm });
    this.attention = checkBlock("ParallelLayer", "attention", attention);
    this.attentionNorm = attentionNorm;
    this.feedForward = checkBlock("ParallelLayer", "feedForward", feedForward);
    this.feedForwardNorm = feedForwardNorm;
    this.mask = mask;
    this.dropout = dropout;
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the parts; ValueError when an option is unknown
   */
  apply(x: Tensor, options: LayerOptions = {}): LayerResult {
    checkOptions("ParallelLayer.apply", options, layerOptionNames);
    checkShapes("ParallelLayer.apply", { x: [x, "batch length dModel"] });
    return scope(() => {
      const { output: y, weights } = selfAttend(this.attention, this.mask, this.attentionNorm.apply(x), options);
      const z = feed(this.feedForward, this.feedForwardNorm.apply(x), options); // as y, [batch, length, dModel]
      const sum = add(this.#dropped(y, "attention", options), this.#dropped(z, "feedForward", options));
      return { output: add(x, sum) as Tensor3D, ...(weights && { weights }) };
    });
  }

  parts(): Parts {
    const { attention, attentionNorm, feedForward, feedForwardNorm } = this;
    return { attention, attentionNorm, feedForward, feedForwardNorm };
  }

  #dropped(y: Tensor, sublayer: string, options: LayerOptions): Tensor {
    return dropped("ParallelLayer.apply", y, this.dropout, sublayer, options);
  }
}
