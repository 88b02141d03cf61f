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
  /** Width of the tokens that come in and go out. */
  readonly dModel: number;
  /** Width in between; default 4 · dModel, PyTorch's 2048 at its dModel of 512. */
  readonly hiddenDim?: number;
  /** A name, or a function of a tensor that keeps its shape and is differentiable; default `"relu"`. */
  readonly activation?: ActivationName | Activation;
  /** Whether the linear maps add biases, which start at 0; default true. */
  readonly bias?: boolean;
  /** Probability of dropping a hidden number in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number;
  /** Initial values of the weights; default `torchLinearWeight`. */
  readonly init?: Initializer;
  /** Source of the initial values; default `new Random(0)`. */
  readonly random?: Random;
}

/** Sizes of {@link gatedFeedForward}. */
export interface GatedFeedForwardSizes extends Omit<FeedForwardSizes, "hiddenDim" | "activation" | "bias"> {
  /** Width of gate and up; `gatedHiddenDim` gives the usual one. */
  readonly hiddenDim: number;
  /** A name, or a function of a tensor that keeps its shape and is differentiable; default `"silu"`. */
  readonly activation?: ActivationName | Activation;
  /** Whether the linear maps add biases, which start at 0; default false. */
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

const gatedDefaults: Defaults<GatedFeedForwardSizes> = { dModel: size, hiddenDim: size, activation: "silu", bias: false, ...shared };

/**
 * A {@link FeedForward} of two linear maps, by default as in PyTorch's `nn.TransformerEncoderLayer`.
 *
 * Parameters: `up.weight` `[hiddenDim, dModel]`, `up.bias` `[hiddenDim]`, `down.weight` `[dModel, hiddenDim]`, `down.bias`
 * `[dModel]`.
 *
 * @throws ValueError when a size is not a positive integer, the dropout is outside [0, 1), or the activation or a name is unknown
 */
export function feedForward(given: FeedForwardSizes): FeedForward<Linear> {
  return building(() => {
    const sizes = withDefaults("feedForward", given, defaults);
    checkInteger("feedForward", "hiddenDim", sizes.hiddenDim, 1);
    const { activation, dropout } = sizes;
    return new FeedForward({
      up: widening(sizes, "up"),
      down: narrowing(sizes),
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
export function gatedFeedForward(given: GatedFeedForwardSizes): GatedFeedForward<Linear> {
  return building(() => {
    const sizes = withDefaults("gatedFeedForward", given, gatedDefaults);
    const { activation, dropout } = sizes;
    return new GatedFeedForward({
      gate: widening(sizes, "gate"),
      up: widening(sizes, "up"),
      down: narrowing(sizes),
      activation: activationOf("gatedFeedForward", activation),
      dropout,
    });
  });
}

type Sizes = Complete<FeedForwardSizes>;

function widening({ dModel, hiddenDim, bias, init, random }: Sizes, name: string): Linear {
  return new Linear({ inFeatures: dModel, outFeatures: hiddenDim, bias, init, random: random.split(name) });
}

function narrowing({ dModel, hiddenDim, bias, init, random }: Sizes): Linear {
  return new Linear({ inFeatures: hiddenDim, outFeatures: dModel, bias, init, random: random.split("down") });
}
