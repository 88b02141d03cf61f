import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Block,
  checkBlock,
  checkOptions,
  checkRate,
  Composite,
  type OptionNames,
  type Parts,
  type Projection,
  scope,
} from "@tfblocks/tensor-utils";
import type { Activation } from "./activations/elementwise.js";
import { gatedActivation } from "./gated-activation.js";
import { checkActivation, checkWidth, droppedOut, type FeedForwardOptions } from "./parts.js";

/** Parts and settings of a {@link GatedFeedForward}, which takes ownership of the parts. */
export interface GatedFeedForwardParts<Map extends Projection = Projection> {
  /** Projection `[..., dModel]` to `[..., hiddenDim]`. */
  readonly gate: Map;
  /** Projection `[..., dModel]` to `[..., hiddenDim]`. */
  readonly up: Map;
  /** Projection `[..., hiddenDim]` to `[..., dModel]`. */
  readonly down: Map;
  readonly activation: Activation;
  /** Probability of dropping a hidden number in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number | undefined;
}

const partNames: OptionNames<GatedFeedForwardParts> = { gate: true, up: true, down: true, activation: true, dropout: true };

/**
 * Gated feed-forward network: down(dropout(activation(gate(x)) · up(x))). The gate scales each number of the hidden layer.
 * The constructor takes parts; the builder `gatedFeedForward` makes them from sizes.
 *
 * Parameters: `gate.*`, `up.*` and `down.*`. Source: Shazeer 2020, "GLU variants improve transformer".
 */
export class GatedFeedForward<Map extends Projection = Projection>
  extends Composite
  implements Block<[x: Tensor, options?: FeedForwardOptions]>
{
  readonly gate: Map;
  readonly up: Map;
  readonly down: Map;
  readonly activation: Activation;
  readonly dropout: number;

  /** @throws ValueError when a part is missing or unknown, or the dropout is outside [0, 1) */
  constructor(parts: GatedFeedForwardParts<Map>) {
    super("GatedFeedForward");
    checkOptions<object>("GatedFeedForward", parts, partNames, "part");
    const { gate, up, down, activation, dropout = 0 } = parts;
    this.gate = checkBlock("GatedFeedForward", "gate", gate);
    this.up = checkBlock("GatedFeedForward", "up", up);
    this.down = checkBlock("GatedFeedForward", "down", down);
    this.activation = checkActivation("GatedFeedForward", activation);
    checkRate("GatedFeedForward", "dropout", dropout);
    this.dropout = dropout;
  }

  /**
   * @param x `[..., length, dModel]`
   * @returns `[..., length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError when x is not a live float32 tensor of this shape
   * @throws ValueError when dropout applies and the seed is missing, or an option is unknown
   */
  apply(x: Tensor, options: FeedForwardOptions = {}): Tensor {
    return scope(() => this.down.apply(droppedOut("GatedFeedForward.apply", () => this.#hidden("apply", x), this.dropout, options)));
  }

  /** activation(gate(x)) · up(x), before dropout. @param x `[..., length, dModel]` @returns `[..., length, hiddenDim]` */
  hidden(x: Tensor): Tensor {
    return scope(() => this.#hidden("hidden", x));
  }

  parts(): Parts {
    return { gate: this.gate, up: this.up, down: this.down };
  }

  #hidden(method: string, x: Tensor): Tensor {
    checkWidth(`GatedFeedForward.${method}`, x, this.up);
    return gatedActivation(this.gate.apply(x), this.up.apply(x), this.activation);
  }
}
