import { greater, lessEqual, mul, scalar, square, type Tensor, where } from "@tensorflow/tfjs-core";
import { Rectifier } from "@tfblocks/tensor-utils/kernels";
import { elementwise, type Formula } from "./elementwise.js";

const rectifier: Formula = {
  value: positivePart,
  slope: (x) => where(greater(x, 0), scalar(1), scalar(0)),
};

/**
 * Rectified linear unit: max(x, 0). Its slope at 0 is 0; NaN stays NaN. Source: Nair and Hinton 2010.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function relu(x: Tensor): Tensor {
  return elementwise("relu", x, rectifier, { name: Rectifier, attrs: {} });
}

const squared: Formula = {
  value: (x) => square(positivePart(x)),
  slope: (x) => mul(positivePart(x), 2),
};

/**
 * Squared rectified linear unit: max(x, 0)². Source: So et al. 2021, "Primer".
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function relu2(x: Tensor): Tensor {
  return elementwise("relu2", x, squared);
}

/** Preserves NaN, which tfjs's `relu` turns into 0 on some backends. */
function positivePart(x: Tensor): Tensor {
  return where(lessEqual(x, 0), scalar(0), x);
}
