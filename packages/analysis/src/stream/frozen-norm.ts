import { add, expandDims, mean, mul, rsqrt, sub, type Tensor } from "@tensorflow/tfjs-core";
import { LayerNorm, normStatistics, RMSNorm } from "@tfblocks/norm";
import { type Block, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";

/**
 * A norm with the statistics of one input frozen: an affine map that equals the norm at this input.
 *
 * LayerNorm: (c - mean(c)) / sqrt(variance(x) + eps) · weight + bias. The mean of the component is subtracted, so that the parts of x
 * add up. RMSNorm: c / sqrt(mean(x²) + eps) · (weight + weightOffset).
 *
 * @param name of the part, for the error
 * @param x `[..., features]`
 * @returns maps a component `[..., features]` of x to `[..., features]`
 * @throws ValueError when the norm is neither a LayerNorm nor an RMSNorm
 */
export function frozenNorm(operation: string, name: string, norm: Block, x: Tensor): (component: Tensor) => Tensor {
  const { variance, meanSquare } = normStatistics(x); // [...]
  if (norm instanceof LayerNorm) {
    const factor = rsqrt(add(expandDims(variance, -1), norm.eps)); // [..., 1]
    return (component) => {
      const scaled = mul(mul(sub(component, mean(component, -1, true)), factor), norm.weight);
      return norm.bias === undefined ? scaled : add(scaled, norm.bias);
    };
  }
  if (norm instanceof RMSNorm) {
    const factor = rsqrt(add(expandDims(meanSquare, -1), norm.eps)); // [..., 1]
    return (component) => mul(mul(component, factor), add(norm.weight, norm.weightOffset));
  }
  return refuse(ValueError, operation, `"${name}"`, "a LayerNorm or an RMSNorm", describeValue(norm), "its statistics cannot be frozen");
}
