import { mul, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { checkTensor, DTypeError, describeValue, refuse, scope, ShapeError, withGradient } from "@tfblocks/tensor-utils";
import { GatedActivation, type GateName, hasKernel, runKernel } from "@tfblocks/tensor-utils/kernels";
import type { Activation } from "./activations/elementwise.js";
import { gelu, geluTanh } from "./activations/gelu.js";
import { relu } from "./activations/relu.js";
import { sigmoid } from "./activations/sigmoid.js";
import { silu } from "./activations/silu.js";

/** The activations that the `GatedActivation` kernel supports. */
const gates: ReadonlyMap<unknown, GateName> = new Map<unknown, GateName>([
  [sigmoid, "sigmoid"],
  [relu, "relu"],
  [gelu, "gelu"],
  [geluTanh, "geluTanh"],
  [silu, "silu"],
]);

/**
 * activation(gate) · up, elementwise. Source: Shazeer 2020, "GLU variants improve transformer".
 *
 * @param gate `[...]`
 * @param up the same shape as `gate`
 * @param activation applied to the gate; with an activation of this package, a backend may compute the whole formula in one kernel
 * @returns `[...]`
 * @throws ShapeError when the shapes differ
 * @throws DTypeError, DisposedError when a tensor is not a live float32 tensor, or the activation is not a function
 */
export function gatedActivation(gate: Tensor, up: Tensor, activation: Activation): Tensor {
  const operation = "gatedActivation";
  checkTensor(operation, "gate", gate);
  checkTensor(operation, "up", up);
  if (gate.rank !== up.rank || gate.shape.some((size, axis) => size !== up.shape[axis])) {
    refuse(ShapeError, operation, "up", `[${gate.shape.join(", ")}], the shape of gate`, `[${up.shape.join(", ")}]`);
  }
  if (typeof activation !== "function") refuse(DTypeError, operation, "activation", "a function of a tensor", describeValue(activation));
  const name = gates.get(activation);
  return scope(() => {
    if (name === undefined || !hasKernel(GatedActivation)) return product(activation(gate), up);
    return runKernel(GatedActivation, { gate, up }, { activation: name })[0];
  });
}

/** a · b. On GPU backends, tfjs's product has no gradient for empty tensors. */
function product(a: Tensor, b: Tensor): Tensor {
  if (a.size > 0) return mul(a, b);
  return withGradient(
    [a, b],
    () => ({ value: zeros(a.shape), saved: [] }),
    (gradient) => [gradient, gradient],
  );
}
