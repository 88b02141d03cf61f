import { add, mean, mul, rsqrt, square, sub, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { withGradient } from "@tfblocks/tensor-utils";
import { scaled, shifted, withoutShareOf } from "./affine.js";
import { centred } from "./centred.js";

/** `layerNorm` in plain operations, for any backend. */
export function composedLayerNorm(x: Tensor, weight: Tensor | undefined, bias: Tensor | undefined, eps: number): Tensor {
  return shifted(scaled(normalized(x, eps), weight, 0), bias);
}

/** n = (x - mean) · rstd with rstd = 1 / sqrt(variance + eps); dx = rstd (dn - mean dn - n · mean(dn · n)). */
function normalized(x: Tensor, eps: number): Tensor {
  return withGradient(
    [x],
    () => {
      if (x.size === 0) return { value: zeros(x.shape), saved: [] };
      const { apart } = centred(x);
      const rstd = rsqrt(add(mean(square(apart), -1, true), eps));
      const normal = mul(apart, rstd);
      return { value: normal, saved: [normal, rstd] };
    },
    (gradient, normal, rstd) => {
      if (normal === undefined) return [gradient];
      return [mul(rstd!, withoutShareOf(normal, sub(gradient, mean(gradient, -1, true))))];
    },
  );
}
