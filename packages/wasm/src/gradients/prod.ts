import { cumprod, type GradConfig, mul, Prod, type ProdAttrs, reshape, type Tensor, util } from "@tensorflow/tfjs-core";
import { permute } from "@tfblocks/tensor-utils";
import { sizeOf } from "../sizes.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.prod` over any dimensions: for each factor the product of the others, from cumulative products of both directions. */
export const prodGradient: GradConfig = gradientOf<ProdAttrs>({
  kernelName: Prod,
  inputsToSave: ["x"],
  gradFunc: (gradient, [x], { axis }) => ({ x: () => productsOfOthers(gradient, x!, util.parseAxisParam(axis, x!.shape)) }),
});

function productsOfOthers(gradient: Tensor, x: Tensor, axes: readonly number[]): Tensor {
  const order = [...x.shape.keys()].toSorted((a, b) => Number(axes.includes(a)) - Number(axes.includes(b)));
  const moved = permute(x, order);
  const rows = reshape(moved, [gradient.size, sizeOf(axes.map((axis) => x.shape[axis]!))]);
  const others = mul(cumprod(rows, 1, true), cumprod(rows, 1, true, true));
  const scaled = mul(others, reshape(gradient, [gradient.size, 1]));
  const back = order.map((_, axis) => order.indexOf(axis));
  return permute(reshape(scaled, moved.shape), back);
}
