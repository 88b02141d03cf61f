import { add, mean, mul, rsqrt, square, sub, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";
import { scaled, shifted, withoutComponent } from "./affine.js";
import { centred } from "./centred.js";

/** `layerNorm` composed of tfjs operations, for backends without the kernel. */
export function composedLayerNorm(x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, eps: number): Tensor {
  return shifted(scaled(normalized(x, eps), weight, 0), bias);
}

/** n = (x - mean) · rstd with rstd = 1 / sqrt(variance + eps); dx = rstd (dn - mean dn - n · mean(dn · n)). */
function normalized(x: Tensor, eps: number): Tensor {
  return withGradient(
    [x],
    () => {
      if (x.size === 0) return { value: zeros(x.shape), saved: [] };
      const { deviations } = centred(x);
      const rstd = rsqrt(add(mean(square(deviations), -1, true), eps));
      const n = mul(deviations, rstd);
      return { value: n, saved: [n, rstd] };
    },
    (gradient, n, rstd) => {
      if (n === undefined) return [gradient];
      return [mul(rstd!, withoutComponent(sub(gradient, mean(gradient, -1, true)), n))];
    },
  );
}
