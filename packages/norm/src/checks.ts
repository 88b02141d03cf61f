import type { Tensor } from "@tensorflow/tfjs-core";
import { checkNumber, checkShapes } from "@tfblocks/tensor-utils";

/**
 * @throws ShapeError, DTypeError, DisposedError when x is not a live float32 tensor `[..., features]` for a weight
 *   `[features]`
 */
export function checkFeatures(operation: string, x: Tensor, weight: Tensor): void {
  checkShapes(operation, { x: [x, "... features"] }, { features: [weight.shape[0]!, "weight"] });
}

/** @throws ValueError when the offset is neither 0 nor 1 */
export function checkWeightOffset(operation: string, weightOffset: unknown): void {
  const expected = "0, or 1 when weights are stored minus 1";
  checkNumber(operation, "weightOffset", expected, weightOffset, (value) => value === 0 || value === 1);
}
