import {
  checkInteger,
  checkNumber,
  checkObject,
  checkUnknown,
  describeValue,
  type Initializer,
  isRate,
  Random,
  refuse,
  ValueError,
} from "@tfblocks/tensor-utils";
import { activation as activationOf, type ActivationName } from "./activations/activation.js";
import type { Activation } from "./activations/elementwise.js";

/** What every feed-forward block takes beside its sizes. */
export interface FeedForwardParts {
  /** By name, or a function of a tensor that keeps its shape, allocates no more than its output and is differentiable. */
  readonly activation?: ActivationName | Activation;
  /** Whether the linear maps add biases, which start at 0. */
  readonly bias?: boolean;
  /** Probability of dropping a hidden number in training, 0 <= dropout < 1; default 0. */
  readonly dropout?: number;
  /** First values of the weights; default `torchLinearWeight`. */
  readonly init?: Initializer;
  /** Default `new Random(0)`. */
  readonly random?: Random;
}

/** Options of `apply` of a feed-forward block. */
export interface FeedForwardOptions {
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Which cells dropout drops, 0 .. 2^32 - 1; required when it applies. */
  readonly seed?: number | undefined;
}

/** Sizes and parts of a feed-forward block, with every default written out. */
export interface ResolvedFeedForward {
  readonly dModel: number;
  readonly hiddenDim: number;
  readonly activation: Activation;
  readonly bias: boolean;
  readonly dropout: number;
  readonly init: Initializer | undefined;
  readonly random: Random;
}

type Sizes = { readonly dModel: number; readonly hiddenDim: number };
type Defaults = { readonly activation: ActivationName; readonly bias: boolean };

/** @throws ValueError when a size is no positive integer, the rate outside [0, 1), the activation or an option unknown */
export function resolveFeedForward(operation: string, config: Sizes & FeedForwardParts, defaults: Defaults): ResolvedFeedForward {
  const given = checkObject(operation, "config", config);
  const {
    dModel,
    hiddenDim,
    activation = defaults.activation,
    bias = defaults.bias,
    dropout = 0,
    init,
    random = new Random(0),
    ...unknown
  } = given;
  checkUnknown(operation, "config", unknown);
  checkInteger(operation, "dModel", dModel, 1);
  checkInteger(operation, "hiddenDim", hiddenDim, 1);
  checkNumber(operation, "dropout", "a number in [0, 1)", dropout, isRate);
  return {
    dModel,
    hiddenDim,
    activation: typeof activation === "function" ? activation : activationOf(activation),
    bias,
    dropout,
    init,
    random,
  };
}

/** The seed of dropout where it applies: in training, at a rate above 0. */
export function dropoutSeed(operation: string, rate: number, options: FeedForwardOptions): number | undefined {
  const { training = false, seed, ...unknown } = checkObject(operation, "options", options);
  checkUnknown(operation, "options", unknown);
  if (!training || rate === 0) return undefined;
  if (seed === undefined) {
    refuse(ValueError, operation, "seed", "given when training with dropout", describeValue(seed), "pass another integer at each step");
  }
  checkInteger(operation, "seed", seed, 0, 2 ** 32 - 1);
  return seed;
}
