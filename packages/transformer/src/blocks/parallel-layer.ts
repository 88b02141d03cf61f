import { add, type Tensor, type Tensor3D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { type Block, checkNumber, checkShapes, isRate, scope, Composite, type Parts } from "@tfblocks/tensor-utils";
import { checkKnown } from "../check-known.js";
import { checkPair } from "./check-pair.js";
import type { Layer, LayerOptions, LayerResult } from "./layer-options.js";
import { type AttentionPart, dropped, feed, type FeedForwardPart, selfAttend, type TakenWeights } from "./sublayers.js";

/** Parts of a {@link ParallelLayer}; the layer disposes them. */
export interface ParallelLayerParts {
  readonly attention: AttentionPart;
  readonly attentionNorm: Block;
  readonly feedForward: FeedForwardPart;
  readonly feedForwardNorm: Block;
  /** Which keys may ever be seen, as `causal()`; default all. */
  readonly mask?: Mask | undefined;
  /** Probability of dropping a number of a sublayer's output in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

/**
 * A layer whose sublayers look at the same stream: x + attention(norm1(x)) + feedForward(norm2(x)). Wang and
 * Komatsuzaki 2021 (GPT-J), GPT-NeoX.
 *
 * Parameters: `attention.*`, `attentionNorm.*`, `feedForward.*`, `feedForwardNorm.*`.
 */
export class ParallelLayer extends Composite implements Layer {
  readonly mask: Mask | undefined;
  readonly dropout: number;
  readonly #parts: Omit<ParallelLayerParts, "mask" | "dropout">;

  /** @throws ValueError when the dropout is outside [0, 1), a part is unknown, or a sublayer comes without its norm */
  constructor({ mask, dropout = 0, ...parts }: ParallelLayerParts) {
    super("ParallelLayer");
    checkNumber("ParallelLayer", "dropout", "a number in [0, 1)", dropout, isRate);
    checkKnown("ParallelLayer", "parts", parts, "attention attentionNorm feedForward feedForwardNorm");
    const { attention, attentionNorm, feedForward, feedForwardNorm } = parts;
    checkPair("ParallelLayer", { attention, attentionNorm });
    checkPair("ParallelLayer", { feedForward, feedForwardNorm });
    this.mask = mask;
    this.dropout = dropout;
    this.#parts = parts;
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the parts
   */
  apply(x: Tensor, options: LayerOptions = {}): LayerResult {
    checkShapes("ParallelLayer.apply", { x: [x, "batch length dModel"] });
    const { mask, dropout } = this;
    const { attention, attentionNorm, feedForward, feedForwardNorm } = this.#parts;
    return scope(() => {
      const taken: TakenWeights = {};
      const attended = dropped(selfAttend(attention, mask, attentionNorm.apply(x), options, taken), dropout, "attention", options);
      const fed = dropped(feed(feedForward, feedForwardNorm.apply(x), options), dropout, "feedForward", options);
      return { output: add(x, add(attended, fed)) as Tensor3D, ...taken };
    });
  }

  parts(): Parts {
    return this.#parts;
  }
}
