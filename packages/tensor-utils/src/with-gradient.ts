import { customGrad, type Tensor } from "@tensorflow/tfjs-core";

/** The value of a function, and the tensors that its gradient needs from the forward pass. */
export interface Differentiable {
  readonly value: Tensor;
  readonly saved: readonly Tensor[];
}

/**
 * Evaluates a function with a custom gradient: `tf.customGrad` for any number of tensors.
 *
 * @param inputs the tensors to differentiate with respect to
 * @param forward computes the value from the inputs; it is not recorded on the gradient tape
 * @param backward computes the gradient of each input, in order, from the gradient of the value and the saved tensors
 */
export function withGradient(
  inputs: readonly Tensor[],
  forward: (...inputs: Tensor[]) => Differentiable,
  backward: (gradient: Tensor, ...saved: Tensor[]) => Tensor[],
): Tensor {
  const run = customGrad((...args) => {
    const save = args.pop() as (tensors: Tensor[]) => void; // customGrad passes it last
    const { value, saved } = forward(...(args as Tensor[]));
    save([...saved]);
    return { value, gradFunc: (gradient: Tensor, savedTensors: Tensor[]) => backward(gradient, ...savedTensors) };
  });
  return run(...inputs);
}
