import { add, mean, mul, rsqrt, square, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";
import type { RMSNormAttrs } from "@tfblocks/tensor-utils/kernels";
import { scaled, withoutComponent } from "./affine.js";

/** `rmsNorm` composed of tfjs operations, for backends without the kernel. */
export function composedRMSNorm(x: Tensor, weight: Tensor | undefined, { eps, weightOffset }: Omit<RMSNormAttrs, "hasWeight">): Tensor {
  return scaled(normalized(x, eps), weight, weightOffset);
}

/** n = x · rstd with rstd = 1 / sqrt(mean of x² + eps); dx = rstd (dn - n · mean(dn · n)). */
function normalized(x: Tensor, eps: number): Tensor {
  return withGradient(
    [x],
    () => {
      if (x.size === 0) return { value: zeros(x.shape), saved: [] };
      const rstd = rsqrt(add(mean(square(x), -1, true), eps));
      const n = mul(x, rstd);
      return { value: n, saved: [n, rstd] };
    },
    (gradient, n, rstd) => [n === undefined ? gradient : mul(rstd!, withoutComponent(gradient, n))],
  );
}
