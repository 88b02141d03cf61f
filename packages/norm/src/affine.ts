import { add, mean, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { sumTo, withGradient } from "@tfblocks/tensor-utils";

/** x · (weight + offset), or x where there is no weight; right for empty tensors, where tfjs's own gradient fails on graphics backends. */
export function scaled(x: Tensor, weight: Tensor | undefined, offset: number): Tensor {
  if (weight === undefined) return x;
  return withGradient(
    [x, weight],
    () => ({ value: mul(x, factorsOf(weight, offset)), saved: [x, weight] }),
    (gradient, normal, kept) => [mul(gradient, factorsOf(kept!, offset)), sumTo(mul(gradient, normal!), kept!.shape)],
  );
}

/** x + bias, or x where there is none; right for empty tensors too. */
export function shifted(x: Tensor, bias: Tensor | undefined): Tensor {
  if (bias === undefined) return x;
  return withGradient(
    [x, bias],
    () => ({ value: add(x, bias), saved: [] }),
    (gradient) => [gradient, sumTo(gradient, bias.shape)],
  );
}

/** g - n · mean(g · n) of each row: what of a gradient is left once the normalised row's own share is gone. */
export function withoutShareOf(normal: Tensor, gradient: Tensor): Tensor {
  return sub(gradient, mul(normal, mean(mul(gradient, normal), -1, true)));
}

function factorsOf(weight: Tensor, offset: number): Tensor {
  return offset === 0 ? weight : add(weight, offset);
}
