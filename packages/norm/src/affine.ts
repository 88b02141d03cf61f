import { add, mean, mul, sub, type Tensor } from "@tensorflow/tfjs-core";
import { sumTo, withGradient } from "@tfblocks/tensor-utils";

/**
 * x · (weight + offset), or x without a weight. It also handles empty tensors, where tfjs's gradient of a product fails
 * on graphics backends.
 */
export function scaled(x: Tensor, weight: Tensor | undefined, offset: number): Tensor {
  if (weight === undefined) return x;
  return withGradient(
    [x, weight],
    () => ({ value: mul(x, factorsOf(weight, offset)), saved: [x, weight] }),
    (gradient, savedX, savedWeight) => [mul(gradient, factorsOf(savedWeight!, offset)), sumTo(mul(gradient, savedX!), savedWeight!.shape)],
  );
}

/** x + bias, or x without a bias. It also handles empty tensors. */
export function shifted(x: Tensor, bias: Tensor | undefined): Tensor {
  if (bias === undefined) return x;
  return withGradient(
    [x, bias],
    () => ({ value: add(x, bias), saved: [] }),
    (gradient) => [gradient, sumTo(gradient, bias.shape)],
  );
}

/** g - n · mean(g · n) in each row: the gradient g without its component along the normalised row n. */
export function withoutComponent(gradient: Tensor, normalized: Tensor): Tensor {
  return sub(gradient, mul(normalized, mean(mul(gradient, normalized), -1, true)));
}

function factorsOf(weight: Tensor, offset: number): Tensor {
  return offset === 0 ? weight : add(weight, offset);
}
