import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkBlock,
  checkOptions,
  Composite,
  checkRate,
  type OptionNames,
  type Parts,
  type Projection,
  scope,
} from "@tfblocks/tensor-utils";
import type { Activation } from "./activations/elementwise.js";
import { checkActivation, checkWidth, droppedOut, type FeedForwardOptions } from "./parts.js";

/** Parts and settings of a {@link FeedForward}, which takes ownership of the parts. */
export interface FeedForwardParts<Map extends Projection = Projection> {
  /** Projection `[..., dModel]` to `[..., hiddenDim]`. */
  readonly up: Map;
  /** Projection `[..., hiddenDim]` to `[..., dModel]`. */
  readonly down: Map;
  readonly activation: Activation;
  /** Probability of dropping a hidden number in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

const partNames: OptionNames<FeedForwardParts> = { up: true, down: true, activation: true, dropout: true };

/**
 * Position-wise feed-forward network: down(dropout(activation(up(x)))). It processes each token independently. The
 * constructor takes parts; the builder `feedForward` makes them from sizes.
 *
 * Parameters: `up.*` and `down.*`. Dropout applies to the hidden layer, as in PyTorch's `nn.TransformerEncoderLayer` and T5;
 * dropout of the output is part of the layer that contains the network. Source: Vaswani et al. 2017, section 3.3 (with relu).
 */
export class FeedForward<Map extends Projection = Projection>
  extends Composite
  implements Block<[x: Tensor, options?: FeedForwardOptions]>
{
  readonly up: Map;
  readonly down: Map;
  readonly activation: Activation;
  readonly dropout: number;

  /** @throws ValueError when a part is missing or unknown, or the dropout is outside [0, 1) */
  constructor(parts: FeedForwardParts<Map>) {
    super("FeedForward");
    checkOptions<object>("FeedForward", parts, partNames, "part");
    const { up, down, activation, dropout = 0 } = parts;
    this.up = checkBlock("FeedForward", "up", up);
    this.down = checkBlock("FeedForward", "down", down);
    this.activation = checkActivation("FeedForward", activation);
    checkRate("FeedForward", "dropout", dropout);
    this.dropout = dropout;
  }

  /**
   * @param x `[..., length, dModel]`
   * @returns `[..., length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError when x is not a live float32 tensor of this shape
   * @throws ValueError when dropout applies and the seed is missing, or an option is unknown
   */
  apply(x: Tensor, options: FeedForwardOptions = {}): Tensor {
    return scope(() => this.down.apply(droppedOut("FeedForward.apply", () => this.#hidden("apply", x), this.dropout, options)));
  }

  /** activation(up(x)), before dropout. @param x `[..., length, dModel]` @returns `[..., length, hiddenDim]` */
  hidden(x: Tensor): Tensor {
    return scope(() => this.#hidden("hidden", x));
  }

  parts(): Parts {
    return { up: this.up, down: this.down };
  }

  #hidden(method: string, x: Tensor): Tensor {
    checkWidth(`FeedForward.${method}`, x, this.up);
    return this.activation(this.up.apply(x));
  }
}
