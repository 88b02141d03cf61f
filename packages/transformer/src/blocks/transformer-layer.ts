import type { Tensor, Tensor3D } from "@tensorflow/tfjs-core";
import type { Mask } from "@tfblocks/masks";
import { type Block, checkNumber, checkShapes, isRate, scope, Composite, type Parts } from "@tfblocks/tensor-utils";
import { checkKnown } from "../check-known.js";
import { checkPair } from "./check-pair.js";
import type { Layer, LayerOptions, LayerResult } from "./layer-options.js";
import { preNorm, type Residual } from "./residual.js";
import {
  type AttentionPart,
  type CrossAttentionPart,
  crossAttend,
  dropped,
  feed,
  type FeedForwardPart,
  selfAttend,
  type TakenWeights,
} from "./sublayers.js";

/** Parts of a {@link TransformerLayer}; the layer disposes them. */
export interface TransformerLayerParts {
  readonly attention: AttentionPart;
  readonly attentionNorm: Block;
  /** For `sandwichNorm`. */
  readonly attentionPostNorm?: Block | undefined;
  /** A decoder's look at the encoder; default none. */
  readonly crossAttention?: CrossAttentionPart | undefined;
  readonly crossAttentionNorm?: Block | undefined;
  /** Default none: an attention-only layer. */
  readonly feedForward?: FeedForwardPart | undefined;
  readonly feedForwardNorm?: Block | undefined;
  readonly feedForwardPostNorm?: Block | undefined;
  /** Which keys self-attention may ever see, as `causal()`; default all. */
  readonly mask?: Mask | undefined;
  /** How a sublayer joins the stream; default `preNorm`. */
  readonly residual?: Residual | undefined;
  /** Probability of dropping a number of a sublayer's output in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

/**
 * One layer of a transformer: self-attention, then cross-attention and a feed-forward network where it has them, each
 * joined to the stream by the same residual rule. Vaswani et al. 2017, section 3.1.
 *
 * Parameters: `attention.*`, `attentionNorm.*`, `attentionPostNorm.*`, `crossAttention.*`, `crossAttentionNorm.*`,
 * `feedForward.*`, `feedForwardNorm.*`, `feedForwardPostNorm.*`, as far as it has the parts.
 */
export class TransformerLayer extends Composite implements Layer {
  readonly mask: Mask | undefined;
  readonly residual: Residual;
  readonly dropout: number;
  readonly #parts: Sublayers;

  /** @throws ValueError when the dropout is outside [0, 1), a part is unknown, or a sublayer comes without its norm */
  constructor({ mask, residual = preNorm, dropout = 0, ...parts }: TransformerLayerParts) {
    super("TransformerLayer");
    checkNumber("TransformerLayer", "dropout", "a number in [0, 1)", dropout, isRate);
    checkSublayers(parts);
    this.mask = mask;
    this.residual = residual;
    this.dropout = dropout;
    this.#parts = parts;
  }

  /**
   * @param x `[batch, length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError, ValueError as the parts
   */
  apply(x: Tensor, options: LayerOptions = {}): LayerResult {
    checkShapes("TransformerLayer.apply", { x: [x, "batch length dModel"] });
    return scope(() => {
      const taken: TakenWeights = {};
      const attended = this.#selfAttention(x, options, taken);
      const informed = this.#crossAttention(attended, options, taken);
      return { output: this.#feedForward(informed, options) as Tensor3D, ...taken };
    });
  }

  parts(): Parts {
    return this.#parts;
  }

  get attention(): AttentionPart {
    return this.#parts.attention;
  }

  #selfAttention(x: Tensor, options: LayerOptions, taken: TakenWeights): Tensor {
    const { attention, attentionNorm: norm, attentionPostNorm: postNorm } = this.#parts;
    const body = (y: Tensor) => dropped(selfAttend(attention, this.mask, y, options, taken), this.dropout, "attention", options);
    return this.residual(x, body, { norm, postNorm });
  }

  #crossAttention(x: Tensor, options: LayerOptions, taken: TakenWeights): Tensor {
    const { crossAttention, crossAttentionNorm: norm } = this.#parts;
    if (crossAttention === undefined || norm === undefined) return x;
    const body = (y: Tensor) => dropped(crossAttend(crossAttention, y, options, taken), this.dropout, "crossAttention", options);
    return this.residual(x, body, { norm });
  }

  #feedForward(x: Tensor, options: LayerOptions): Tensor {
    const { feedForward, feedForwardNorm: norm, feedForwardPostNorm: postNorm } = this.#parts;
    if (feedForward === undefined || norm === undefined) return x;
    return this.residual(x, (y) => dropped(feed(feedForward, y, options), this.dropout, "feedForward", options), { norm, postNorm });
  }
}

type Sublayers = Omit<TransformerLayerParts, "mask" | "residual" | "dropout">;

const known = "attention attentionNorm attentionPostNorm crossAttention crossAttentionNorm feedForward feedForwardNorm feedForwardPostNorm";

function checkSublayers(parts: Sublayers): void {
  checkKnown("TransformerLayer", "parts", parts, known);
  const { attention, attentionNorm, crossAttention, crossAttentionNorm, feedForward, feedForwardNorm } = parts;
  checkPair("TransformerLayer", { attention, attentionNorm });
  checkPair("TransformerLayer", { crossAttention, crossAttentionNorm });
  checkPair("TransformerLayer", { feedForward, feedForwardNorm });
}
