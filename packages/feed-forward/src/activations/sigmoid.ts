import { isNaN as isNotANumber, sigmoid as tfSigmoid, square, sub, tanh as tfTanh, type Tensor, where } from "@tensorflow/tfjs-core";
import { elementwise, type Formula } from "./elementwise.js";
import { sigmoidSlope } from "./sigmoid-linear.js";

const logistic: Formula = {
  value: (x) => where(isNotANumber(x), x, tfSigmoid(x)), // on WebGPU the sigmoid of NaN may be a number
  slope: (x) => sigmoidSlope(tfSigmoid(x)),
};

/**
 * Logistic sigmoid: 1 / (1 + exp(-x)).
 *
 * @param x `[...]`
 * @returns `[...]`, from 0 to 1
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function sigmoid(x: Tensor): Tensor {
  return elementwise("sigmoid", x, logistic);
}

const hyperbolic: Formula = { value: tfTanh, slope: (x) => sub(1, square(tfTanh(x))) };

/**
 * Hyperbolic tangent.
 *
 * @param x `[...]`
 * @returns `[...]`, from -1 to 1
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function tanh(x: Tensor): Tensor {
  return elementwise("tanh", x, hyperbolic);
}
