import { add, div, mul, sqrt, square, sub, type Tensor } from "@tensorflow/tfjs-core";
import { AdamWUpdate, type AdamWUpdateAttrs, hasKernel, runKernel } from "@tfblocks/tensor-utils/kernels";

type Updated = [parameter: Tensor, m: Tensor, v: Tensor];

/** One update, by the `AdamWUpdate` kernel if the active backend has it, otherwise composed of tfjs operations. */
export function adamWUpdate(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, attrs: AdamWUpdateAttrs): Updated {
  if (!hasKernel(AdamWUpdate)) return composed(parameter, gradient, m, v, attrs);
  return runKernel(AdamWUpdate, { parameter, gradient, m, v }, attrs);
}

function composed(parameter: Tensor, gradient: Tensor, m: Tensor, v: Tensor, attrs: AdamWUpdateAttrs): Updated {
  const { learningRate, beta1, beta2, eps, weightDecay, step } = attrs;
  const newM = add(m, mul(sub(gradient, m), 1 - beta1));
  const newV = add(mul(v, beta2), mul(square(gradient), 1 - beta2));
  const root = add(mul(sqrt(newV), 1 / Math.sqrt(1 - beta2 ** step)), eps);
  const move = mul(div(newM, root), learningRate / (1 - beta1 ** step));
  return [sub(mul(parameter, 1 - learningRate * weightDecay), move), newM, newV];
}
