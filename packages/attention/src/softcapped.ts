import { div, equal, mul, scalar, square, sub, tanh, type Tensor, type Tensor4D, where } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";

/**
 * softcap · tanh(score / softcap). A forbidden score has the gradient 0 and keeps it, also when it is NaN, where the
 * chain rule would say 0 · NaN.
 */
export function softcapped(scores: Tensor4D, softcap: number): Tensor4D {
  return withGradient(
    [scores],
    (x) => {
      const shares = tanh(div(x!, softcap));
      return { value: mul(shares, softcap), saved: [shares] };
    },
    (gradient, shares) => [slopeOf(gradient, shares!)],
  ) as Tensor4D;
}

/** d = dY (1 − tanh²), 0 where dY is. */
function slopeOf(gradient: Tensor, shares: Tensor): Tensor {
  return where(equal(gradient, 0), scalar(0), mul(gradient, sub(1, square(shares))));
}
