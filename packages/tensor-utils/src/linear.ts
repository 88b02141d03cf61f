import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { type Block, parameter, type Parts } from "./block.js";
import { checkShapes } from "./check-shapes.js";
import { Composite } from "./composite.js";
import { type Initializer, torchLinearWeight, zerosInit } from "./initializers.js";
import { affine, matmul } from "./matmul.js";
import { type Defaults, derived, size, withDefaults } from "./options.js";
import { Random } from "./random.js";
import { scope } from "./scope.js";

/**
 * Affine map of the last dimension: x Wᵀ + b.
 *
 * @param x `[..., length, inFeatures]`
 * @param weight `[outFeatures, inFeatures]`, as PyTorch stores it
 * @param bias `[outFeatures]`
 * @returns `[..., length, outFeatures]`
 * @throws ShapeError when the features differ
 * @throws DTypeError, DisposedError when an argument is not a live float32 tensor
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  checkShapes("linear", { x: [x, "... length inFeatures"], weight: [weight, "outFeatures inFeatures"] });
  if (bias === undefined) return scope(() => matmul(x, weight, { transposeB: true }));
  checkShapes("linear", { weight: [weight, "outFeatures inFeatures"], bias: [bias, "outFeatures"] });
  return scope(() => affine(x, weight, bias));
}

/**
 * A map of the last dimension, `[..., inFeatures]` to `[..., outFeatures]`: a {@link Linear}, or any block that replaces
 * one. The widths are optional; a block that contains the projection checks those that are present when it is constructed.
 */
export interface Projection extends Block {
  readonly inFeatures?: number | undefined;
  readonly outFeatures?: number | undefined;
}

/** Sizes of a {@link Linear}. */
export interface LinearSizes {
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Whether to add a bias; default true. */
  readonly bias?: boolean;
  /** Initial weight; default {@link torchLinearWeight}. The bias starts at 0. */
  readonly init?: Initializer;
  /** Source of the initial values; default `new Random(0)`. */
  readonly random?: Random;
}

const defaults: Defaults<LinearSizes> = {
  inFeatures: size,
  outFeatures: size,
  bias: true,
  init: torchLinearWeight,
  random: derived(() => new Random(0)),
};

/** Affine map of the last dimension with parameters `weight` `[outFeatures, inFeatures]` and `bias` `[outFeatures]`. */
export class Linear extends Composite implements Projection {
  readonly weight: Variable;
  readonly bias: Variable | undefined;

  /** @throws ValueError when a size is not a positive integer, or its name is unknown */
  constructor(sizes: LinearSizes) {
    super("Linear");
    const { inFeatures, outFeatures, bias, init, random } = withDefaults("Linear", sizes, defaults);
    this.weight = parameter(() => init([outFeatures, inFeatures], random.split("weight")));
    this.bias = bias ? parameter(() => zerosInit([outFeatures], random)) : undefined;
  }

  get inFeatures(): number {
    return this.weight.shape[1]!;
  }

  get outFeatures(): number {
    return this.weight.shape[0]!;
  }

  /** @param x `[..., length, inFeatures]` @returns `[..., length, outFeatures]` */
  apply(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }

  parts(): Parts {
    return { weight: this.weight, bias: this.bias };
  }
}
