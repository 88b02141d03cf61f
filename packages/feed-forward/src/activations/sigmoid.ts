import { isNaN as isNotANumber, sigmoid as tfSigmoid, square, sub, tanh as tfTanh, type Tensor, where } from "@tensorflow/tfjs-core";
import { elementwise, type Formula } from "./elementwise.js";
import { bell } from "./sigmoid-linear.js";

/** WebGPU may give a number for NaN. */
const logistic: Formula = { value: (x) => where(isNotANumber(x), x, tfSigmoid(x)), slope: (x) => bell(tfSigmoid(x)) };

/**
 * Logistic sigmoid: 1 / (1 + exp(-x)).
 *
 * @param x `[...]`
 * @returns `[...]`, 0 .. 1
 * @throws DTypeError, DisposedError when x is no live float32 tensor
 */
export function sigmoid(x: Tensor): Tensor {
  return elementwise("sigmoid", x, logistic);
}

const hyperbolic: Formula = { value: tfTanh, slope: (x) => sub(1, square(tfTanh(x))) };

/**
 * Hyperbolic tangent.
 *
 * @param x `[...]`
 * @returns `[...]`, -1 .. 1
 * @throws DTypeError, DisposedError when x is no live float32 tensor
 */
export function tanh(x: Tensor): Tensor {
  return elementwise("tanh", x, hyperbolic);
}
