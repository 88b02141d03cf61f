import type { Tensor, Variable } from "@tensorflow/tfjs-core";
import { checkOptions, Composite, type Parts, type Projection } from "@tfblocks/tensor-utils";
import type { QuantizedMatrix } from "./quantized-matrix.js";

/** Parts of a {@link QuantizedLinear}, which takes ownership of them. */
export interface QuantizedLinearParts {
  readonly weight: QuantizedMatrix;
  /** `[outFeatures]`; default none. */
  readonly bias?: Variable | undefined;
}

/** A `Linear` whose weight has 4 or 8 bits: x weightᵀ + bias. Buffers: `weight.*`; parameter: `bias`. */
export class QuantizedLinear extends Composite implements Projection {
  readonly weight: QuantizedMatrix;
  readonly bias: Variable | undefined;

  /** @throws ValueError when a part is unknown */
  constructor(parts: QuantizedLinearParts) {
    super("QuantizedLinear");
    const { weight, bias } = checkOptions("QuantizedLinear", parts, { weight: true, bias: true }, "part");
    this.weight = weight;
    this.bias = bias;
  }

  get inFeatures(): number {
    return this.weight.inFeatures;
  }

  get outFeatures(): number {
    return this.weight.outFeatures;
  }

  /** @param x `[..., inFeatures]` @returns `[..., outFeatures]` */
  apply(x: Tensor): Tensor {
    return this.weight.multiply(x, this.bias);
  }

  parts(): Parts {
    return { weight: this.weight, bias: this.bias };
  }
}
