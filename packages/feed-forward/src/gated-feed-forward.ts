import type { Tensor } from "@tensorflow/tfjs-core";
import { type Block, Composite, checkShapes, type Linear, scope, type Parts } from "@tfblocks/tensor-utils";
import type { Activation } from "./activations/elementwise.js";
import { dropout } from "./dropout.js";
import { dropoutSeed, type FeedForwardOptions, type FeedForwardParts, resolveFeedForward } from "./feed-forward-options.js";
import { gatedActivation } from "./gated-activation.js";
import { projections } from "./projections.js";

/** Sizes and parts of a {@link GatedFeedForward}; the default activation is `"silu"`, `bias` is false. */
export interface GatedFeedForwardConfig extends FeedForwardParts {
  /** Width of the tokens that come in and go out. */
  readonly dModel: number;
  /** Width of gate and up; `gatedHiddenDim` gives the usual one. */
  readonly hiddenDim: number;
}

/**
 * Gated feed-forward: down(dropout(activation(gate(x)) · up(x))). The gate says how much of each hidden number passes.
 *
 * Parameters: `gate.weight` and `up.weight` `[hiddenDim, dModel]`, `down.weight` `[dModel, hiddenDim]`, and their biases
 * where configured. Source: Shazeer 2020, "GLU variants improve transformer".
 */
export class GatedFeedForward extends Composite implements Block<[x: Tensor, options?: FeedForwardOptions]> {
  readonly dModel: number;
  readonly hiddenDim: number;
  readonly dropout: number;
  readonly activation: Activation;
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;

  /** @throws ValueError when a size is no positive integer, the rate outside [0, 1), the activation or an option unknown */
  constructor(config: GatedFeedForwardConfig) {
    super("GatedFeedForward");
    const resolved = resolveFeedForward("GatedFeedForward", config, { activation: "silu", bias: false });
    ({ dModel: this.dModel, hiddenDim: this.hiddenDim, dropout: this.dropout, activation: this.activation } = resolved);
    ({ gate: this.gate, up: this.up, down: this.down } = projections(["gate", "up"], resolved));
  }

  /**
   * @param x `[..., length, dModel]`
   * @returns `[..., length, dModel]`
   * @throws ShapeError, DTypeError, DisposedError when x does not fit
   * @throws ValueError when training with dropout lacks a seed, or an option is unknown
   */
  apply(x: Tensor, options: FeedForwardOptions = {}): Tensor {
    const seed = dropoutSeed("GatedFeedForward.apply", this.dropout, options);
    return scope(() => {
      const hidden = this.hidden(x);
      return this.down.apply(seed === undefined ? hidden : dropout(hidden, { rate: this.dropout, seed }));
    });
  }

  /** activation(gate(x)) · up(x), before dropout. @param x `[..., length, dModel]` @returns `[..., length, hiddenDim]` */
  hidden(x: Tensor): Tensor {
    checkShapes("GatedFeedForward", { x: [x, "... length dModel"] }, { dModel: [this.dModel, "config"] });
    return scope(() => gatedActivation(this.gate.apply(x), this.up.apply(x), this.activation));
  }

  parts(): Parts {
    return { gate: this.gate, up: this.up, down: this.down };
  }
}
