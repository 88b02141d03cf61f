import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, Composite, checkShapes, type Linear, scope, type Parts } from "@tfblocks/tensor-utils";
import type { Activation } from "./activations/elementwise.js";
import { dropout } from "./dropout.js";
import { dropoutSeed, type FeedForwardOptions, type FeedForwardParts, resolveFeedForward } from "./feed-forward-options.js";
import { projections } from "./projections.js";

/** Sizes and parts of a {@link FeedForward}; the default activation is `"gelu"`, `bias` is true. */
export interface FeedForwardConfig extends FeedForwardParts {
  /** Width of the tokens that come in and go out. */
  readonly dModel: number;
  /** Width between; default 4 dModel. */
  readonly hiddenDim?: number;
}

/**
 * Position-wise feed-forward: down(dropout(activation(up(x)))). Each token passes alone, first widened, then narrowed.
 *
 * Parameters: `up.weight` `[hiddenDim, dModel]`, `up.bias` `[hiddenDim]`, `down.weight` `[dModel, hiddenDim]` and
 * `down.bias` `[dModel]`. Dropout is of the hidden numbers, as in PyTorch's `nn.TransformerEncoderLayer` and T5; that of
 * the output belongs to the layer around. Source: Vaswani et al. 2017, section 3.3 (with relu).
 */
export class FeedForward extends Composite implements Block<[x: Tensor, options?: FeedForwardOptions]> {
  readonly dModel: number;
  readonly hiddenDim: number;
  readonly dropout: number;
  readonly activation: Activation;
  readonly up: Linear;
  readonly down: Linear;

  /** @throws ValueError when a size is no positive integer, the rate outside [0, 1), the activation or an option unknown */
  constructor(config: FeedForwardConfig) {
    super("FeedForward");
    const sizes = { ...config, hiddenDim: config?.hiddenDim ?? 4 * config?.dModel };
    const resolved = resolveFeedForward("FeedForward", sizes, { activation: "gelu", bias: true });
    ({ dModel: this.dModel, hiddenDim: this.hiddenDim, dropout: this.dropout, activation: this.activation } = resolved);
    ({ up: this.up, down: this.down } = projections(["up"], resolved));
  }

  /**
   * @param x `[..., length, dModel]`
   * @returns `[..., length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError when x does not fit
   * @throws ValueError when training with dropout lacks a seed, or an option is unknown
   */
  apply(x: Tensor, options: FeedForwardOptions = {}): Tensor {
    const seed = dropoutSeed("FeedForward.apply", this.dropout, options);
    return scope(() => {
      const hidden = this.hidden(x);
      return this.down.apply(seed === undefined ? hidden : dropout(hidden, { rate: this.dropout, seed }));
    });
  }

  /** activation(up(x)), before dropout. @param x `[..., length, dModel]` @returns `[..., length, hiddenDim]` */
  hidden(x: Tensor): Tensor {
    checkShapes("FeedForward", { x: [x, "... length dModel"] }, { dModel: [this.dModel, "config"] });
    return scope(() => this.activation(this.up.apply(x)));
  }

  parts(): Parts {
    return { up: this.up, down: this.down };
  }
}
