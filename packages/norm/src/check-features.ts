import type { Tensor } from "@tensorflow/tfjs-core";
import { checkShapes } from "@tfblocks/tensor-utils";

/** @throws ShapeError, DTypeError, DisposedError when x is no live float32 tensor `[..., features]` of a block whose weight is `[features]` */
export function checkFeatures(operation: string, x: Tensor, weight: Tensor): void {
  checkShapes(operation, { x: [x, "... features"] }, { features: [weight.shape[0]!, "config"] });
}
