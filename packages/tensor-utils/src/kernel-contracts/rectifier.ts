import type { Tensor } from "@tensorflow/tfjs-core";
import type { KernelName, NoAttrs } from "../run-kernel.js";

/** y = max(x, 0), where NaN stays NaN: tfjs's own `Relu` makes it 0 on some backends. Input: x `[...]`. Output: y `[...]`. */
export const Rectifier: KernelName<{ x: Tensor }, NoAttrs, [y: Tensor]> = "Rectifier";

/** dx = dy where x > 0, and 0 elsewhere. Inputs: dy and x `[...]`. Output: dx `[...]`. */
export const RectifierGrad: KernelName<{ dy: Tensor; x: Tensor }, NoAttrs, [dx: Tensor]> = "RectifierGrad";
