import {
  building,
  checkInteger,
  type Complete,
  type Defaults,
  derived,
  type Initializer,
  Linear,
  Random,
  size,
  torchLinearWeight,
  withDefaults,
} from "@tfblocks/tensor-utils";
import { type ActivationName, activationOf } from "./activations/activation.js";
import type { Activation } from "./activations/elementwise.js";
import { FeedForward } from "./feed-forward.js";
import { GatedFeedForward } from "./gated-feed-forward.js";

/** Sizes of {@link feedForward}. */
export interface FeedForwardSizes {
  /** Width of the input and output tokens. */
  readonly dModel: number;
  /** Width of the hidden layer; default 4 · dModel, which equals PyTorch's default of 2048 for a dModel of 512. */
  readonly hiddenDim?: number;
  /** A name, or a differentiable function that preserves the shape; default `"relu"`. */
  readonly activation?: ActivationName | Activation;
  /** Whether the linear maps have biases, initially 0; default true. */
  readonly bias?: boolean;
  /** Probability of dropping a hidden number in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number;
  /** Initializer of the weights; default `torchLinearWeight`. */
  readonly init?: Initializer;
  /** Source of the initial values; default `new Random(0)`. */
  readonly random?: Random;
}

/** Sizes of {@link gatedFeedForward}. */
export interface GatedFeedForwardSizes extends Omit<FeedForwardSizes, "hiddenDim" | "activation" | "bias"> {
  /** Output width of gate and up; `gatedHiddenDim` computes the usual value. */
  readonly hiddenDim: number;
  /** A name, or a differentiable function that preserves the shape; default `"silu"`. */
  readonly activation?: ActivationName | Activation;
  /** Whether the linear maps have biases, initially 0; default false. */
  readonly bias?: boolean;
}

const shared = { dropout: 0, init: torchLinearWeight, random: derived(() => new Random(0)) } as const;

const defaults: Defaults<FeedForwardSizes> = {
  dModel: size,
  hiddenDim: derived(({ dModel }) => 4 * dModel),
  activation: "relu",
  bias: true,
  ...shared,
};

export const gluDefaults: Defaults<Omit<GatedFeedForwardSizes, "activation">> = { dModel: size, hiddenDim: size, bias: false, ...shared };

const gatedDefaults: Defaults<GatedFeedForwardSizes> = { ...gluDefaults, activation: "silu" };

/**
 * A {@link FeedForward} of two linear maps, with the defaults of PyTorch's `nn.TransformerEncoderLayer`.
 *
 * Parameters: `up.weight` `[hiddenDim, dModel]`, `up.bias` `[hiddenDim]`, `down.weight` `[dModel, hiddenDim]`, `down.bias`
 * `[dModel]`.
 *
 * @throws ValueError when a size is not a positive integer, the dropout is outside [0, 1), or the activation or a name is unknown
 */
export function feedForward(sizes: FeedForwardSizes): FeedForward<Linear> {
  return building(() => {
    const complete = withDefaults("feedForward", sizes, defaults);
    const { hiddenDim, activation, dropout } = complete;
    checkInteger("feedForward", "hiddenDim", hiddenDim, 1);
    return new FeedForward({
      up: toHidden(complete, "up"),
      down: fromHidden(complete, "down"),
      activation: activationOf("feedForward", activation),
      dropout,
    });
  });
}

/**
 * A {@link GatedFeedForward} of three linear maps.
 *
 * Parameters: `gate.weight` and `up.weight` `[hiddenDim, dModel]`, `down.weight` `[dModel, hiddenDim]`, and their biases where
 * asked for.
 *
 * @throws ValueError when a size is not a positive integer, the dropout is outside [0, 1), or the activation or a name is unknown
 */
export function gatedFeedForward(sizes: GatedFeedForwardSizes): GatedFeedForward<Linear> {
  return gatedNetwork("gatedFeedForward", withDefaults("gatedFeedForward", sizes, gatedDefaults));
}

/** @param operation the builder, for its errors */
export function gatedNetwork(operation: string, complete: Complete<GatedFeedForwardSizes>): GatedFeedForward<Linear> {
  return building(() => {
    const { activation, dropout } = complete;
    return new GatedFeedForward({
      gate: toHidden(complete, "gate"),
      up: toHidden(complete, "up"),
      down: fromHidden(complete, "down"),
      activation: activationOf(operation, activation),
      dropout,
    });
  });
}

type Sizes = Complete<FeedForwardSizes>;

function toHidden({ dModel, hiddenDim, bias, init, random }: Sizes, name: string): Linear {
  return new Linear({ inFeatures: dModel, outFeatures: hiddenDim, bias, init, random: random.split(name) });
}

function fromHidden({ dModel, hiddenDim, bias, init, random }: Sizes, name: string): Linear {
  return new Linear({ inFeatures: hiddenDim, outFeatures: dModel, bias, init, random: random.split(name) });
}
