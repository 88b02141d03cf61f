import { add, equal, maximum, mean, mul, rsqrt, scalar, square, sub, type Tensor, where, zeros } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";
import { scaled, shifted, withoutComponent } from "./affine.js";
import { centred } from "./centred.js";
import { hasOverflowed, rowUnits } from "./large-rows.js";

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
      const saved = hasOverflowed(rstd) ? normalizedInUnits(x, eps) : [mul(deviations, rstd), rstd];
      return { value: saved[0]!, saved };
    },
    (gradient, n, rstd) => {
      if (n === undefined) return [gradient];
      return [mul(rstd!, withoutComponent(sub(gradient, mean(gradient, -1, true)), n))];
    },
  );
}

/** n and rstd, computed in units in which no square overflows; eps only matters where the variance is 0, or the unit is 1. */
function normalizedInUnits(x: Tensor, eps: number): Tensor[] {
  const unit = rowUnits(x);
  const { deviations } = centred(mul(x, unit));
  const variance = mean(square(deviations), -1, true);
  const rstd = rsqrt(maximum(add(variance, mul(square(unit), eps)), 1e-37));
  return [mul(deviations, rstd), where(equal(variance, 0), scalar(1 / Math.sqrt(eps)), mul(rstd, unit))];
}
