import type { Tensor } from "@tensorflow/tfjs-core";
import { checkOptions, checkShapes, describeValue, dropoutSeed, type Projection, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { Activation } from "./activations/elementwise.js";
import { dropout } from "./dropout.js";

/** Options of `apply` of a feed-forward network. */
export interface FeedForwardOptions {
  /** Whether dropout applies; default false. */
  readonly training?: boolean | undefined;
  /** Which cells dropout drops, 0 .. 2^32 - 1; required when it applies. */
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
    "activation(name) gives one by its name",
  );
}

/** @throws ShapeError, DTypeError, DisposedError when x is not a tensor of the width that a map takes */
export function checkWidth(operation: string, x: Tensor, { inFeatures }: Projection): void {
  checkShapes(operation, { x: [x, "... length dModel"] }, inFeatures === undefined ? {} : { dModel: [inFeatures, "the up projection"] });
}

/** Hidden numbers after dropout, where it applies. @throws ValueError when an option is unknown or the seed is missing */
export function droppedOut(operation: string, hidden: () => Tensor, rate: number, options: FeedForwardOptions): Tensor {
  checkOptions(operation, options, { training: true, seed: true });
  const seed = dropoutSeed(operation, rate, options);
  return seed === undefined ? hidden() : dropout(hidden(), { rate, seed });
}
