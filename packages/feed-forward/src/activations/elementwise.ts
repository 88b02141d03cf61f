import { mul, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { checkTensor, scope, withGradient } from "@tfblocks/tensor-utils";
import { hasKernel, type KernelName, runKernel } from "@tfblocks/tensor-utils/kernels";

/** A function of single numbers, any shape to the same shape; the result is the caller's. */
export type Activation = (x: Tensor) => Tensor;

/** A formula of single numbers in plain operations, and its derivative; both see x itself, never an empty one. */
export interface Formula {
  readonly value: Activation;
  readonly slope: Activation;
}

/** A kernel of the input x that a backend may have in place of the formula. */
export interface ActivationKernel<Attrs extends object> {
  readonly name: KernelName<{ x: Tensor }, Attrs, [y: Tensor]>;
  readonly attrs: Attrs;
}

/**
 * Applies a formula to every number, by the backend's kernel where it has one.
 *
 * @throws DTypeError, DisposedError when x is no live float32 tensor
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

/** tfjs's own gradients are missing or wrong on some backends; this one is the formula's slope, of x and not of the output. */
function composed(x: Tensor, { value, slope }: Formula): Tensor {
  return withGradient(
    [x],
    () => ({ value: x.size === 0 ? zeros(x.shape) : value(x), saved: [x] }),
    (gradient, kept) => [x.size === 0 ? gradient : mul(gradient, slope(kept!))],
  );
}
