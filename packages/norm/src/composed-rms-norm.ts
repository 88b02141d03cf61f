import { add, mean, mul, rsqrt, square, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";
import type { RMSNormAttrs } from "@tfblocks/tensor-utils/kernels";
import { scaled, withoutComponent } from "./affine.js";
import { hasOverflowed, rowUnits } from "./large-rows.js";

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
      const saved = hasOverflowed(rstd) ? normalizedInUnits(x, eps) : [mul(x, rstd), rstd];
      return { value: saved[0]!, saved };
    },
    (gradient, n, rstd) => [n === undefined ? gradient : mul(rstd!, withoutComponent(gradient, n))],
  );
}

/** n and rstd, computed in units in which no square overflows; eps only matters where the unit is 1. */
function normalizedInUnits(x: Tensor, eps: number): Tensor[] {
  const unit = rowUnits(x);
  const small = mul(x, unit);
  const rstd = rsqrt(add(mean(square(small), -1, true), mul(square(unit), eps)));
  return [mul(small, rstd), mul(rstd, unit)];
}
