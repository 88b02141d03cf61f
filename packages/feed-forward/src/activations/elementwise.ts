import { mul, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { checkTensor, scope, withGradient } from "@tfblocks/tensor-utils";
import { hasKernel, type KernelName, runKernel } from "@tfblocks/tensor-utils/kernels";

/** A function that is applied to each number of a tensor of any shape. The caller owns the result. */
export type Activation = (x: Tensor) => Tensor;

/** An elementwise formula in plain operations, and its derivative. Both take x, which is never empty. */
export interface Formula {
  readonly value: Activation;
  readonly slope: Activation;
}

/** A kernel that replaces the formula on backends that have it. */
export interface ActivationKernel<Attrs extends object> {
  readonly name: KernelName<{ x: Tensor }, Attrs, [y: Tensor]>;
  readonly attrs: Attrs;
}

/**
 * Applies a formula to each number, with the kernel if the active backend has it.
 *
 * @throws DTypeError, DisposedError when x is not a live float32 tensor
 */
export function elementwise<Attrs extends object>(
  operation: string,
  x: Tensor,
  formula: Formula,
  kernel?: ActivationKernel<Attrs>,
): Tensor {
  checkTensor(operation, "x", x);
  return scope(() => {
    if (kernel !== undefined && hasKernel(kernel.name)) return runKernel(kernel.name, { x }, kernel.attrs)[0];
    return composed(x, formula);
  });
}

/** Uses the slope of the formula as the gradient, because tfjs's gradients are missing or wrong on some backends. */
function composed(x: Tensor, { value, slope }: Formula): Tensor {
  return withGradient(
    [x],
    () => ({ value: x.size === 0 ? zeros(x.shape) : value(x), saved: [x] }),
    (gradient, saved) => [x.size === 0 ? gradient : mul(gradient, slope(saved!))],
  );
}
