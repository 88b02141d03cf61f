import { mul, onesLike, type Tensor } from "@tensorflow/tfjs-core";
import { Silu } from "@tfblocks/tensor-utils/kernels";
import { elementwise } from "./elementwise.js";
import { sigmoidLinear } from "./sigmoid-linear.js";

const formula = sigmoidLinear((x) => x, onesLike);

/**
 * Sigmoid linear unit, also called swish: x · sigmoid(x). Source: Elfwing, Uchibe and Doya 2017; Ramachandran et al. 2017.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function silu(x: Tensor): Tensor {
  return elementwise("silu", x, formula, { name: Silu, attrs: {} });
}

const quick = sigmoidLinear(
  (x) => mul(x, 1.702),
  (x) => mul(onesLike(x), 1.702),
);

/**
 * x · sigmoid(1.702 x): a fast approximation of GELU, used by CLIP. Source: Hendrycks and Gimpel 2016, section 2.
 *
 * @param x `[...]`
 * @returns `[...]`
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function quickGelu(x: Tensor): Tensor {
  return elementwise("quickGelu", x, quick);
}
