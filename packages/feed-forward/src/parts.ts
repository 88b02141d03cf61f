import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkShapes, describeValue, dropoutSeed, type Projection, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Activation } from "./activations/elementwise.js";
import { dropout } from "./dropout.js";

/** Options of `FeedForward.apply` and `GatedFeedForward.apply`. */
export interface FeedForwardOptions {
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Seed of the dropout, an integer from 0 to 2^32 - 1; required when dropout applies. */
  readonly seed?: number | undefined;
}

/** @throws ValueError when the activation is not a function */
export function checkActivation(operation: string, activation: Activation): Activation {
  if (typeof activation === "function") return activation;
  return refuse(
    ValueError,
    operation,
    "activation",
    "a function of a tensor",
    describeValue(activation),
    "activation(name) returns one by name",
  );
}

/** @throws ShapeError, DTypeError, DisposedError when x is not a tensor of the width that the projection takes */
export function checkWidth(operation: string, x: Tensor, { inFeatures }: Projection): void {
  checkShapes(operation, { x: [x, "... length dModel"] }, inFeatures === undefined ? {} : { dModel: [inFeatures, "the up projection"] });
}

/** The hidden layer, after dropout if it applies. @throws ValueError when an option is unknown or the seed is missing */
export function droppedOut(operation: string, hidden: () => Tensor, rate: number, options: FeedForwardOptions): Tensor {
  checkOptions(operation, options, { training: "flag", seed: true });
  const seed = dropoutSeed(operation, rate, options);
  return seed === undefined ? hidden() : dropout(hidden(), { rate, seed });
}
