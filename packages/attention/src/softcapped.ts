import { div, equal, mul, scalar, square, sub, tanh, type Tensor, type Tensor4D, where } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";

/**
 * softcap · tanh(score / softcap). Where the incoming gradient is 0, as for a forbidden score, the gradient is 0 even if the
 * score is NaN; the chain rule would give 0 · NaN = NaN.
 */
export function softcapped(scores: Tensor4D, softcap: number): Tensor4D {
  return withGradient(
    [scores],
    (x) => {
      const ratio = tanh(div(x!, softcap));
      return { value: mul(ratio, softcap), saved: [ratio] };
    },
    (gradient, ratio) => [scoreGradient(gradient, ratio!)],
  ) as Tensor4D;
}

/** dX = dY (1 − ratio²), and 0 where dY is 0. */
function scoreGradient(gradient: Tensor, ratio: Tensor): Tensor {
  return where(equal(gradient, 0), scalar(0), mul(gradient, sub(1, square(ratio))));
}
