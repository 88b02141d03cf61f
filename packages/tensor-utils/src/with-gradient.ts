import { customGrad, type Tensor } from "@tensorflow/tfjs-core";

/** The value of a function and what its gradient needs of the forward pass. */
export interface Differentiable {
  readonly value: Tensor;
  readonly saved: readonly Tensor[];
}

/**
 * A function with a gradient of its own: `tf.customGrad` for any number of tensors.
 *
 * @param inputs what the value is differentiated by
 * @param forward runs off the tape, on the inputs
 * @param backward from the gradient of the value and what was saved, the gradient of each input in turn
 */
export function withGradient(
  inputs: readonly Tensor[],
  forward: (...inputs: Tensor[]) => Differentiable,
  backward: (gradient: Tensor, ...saved: Tensor[]) => Tensor[],
): Tensor {
  const run = customGrad((...given) => {
    const save = given.pop() as (tensors: Tensor[]) => void;
    const { value, saved } = forward(...(given as Tensor[]));
    save([...saved]);
    return { value, gradFunc: (gradient: Tensor, kept: Tensor[]) => backward(gradient, ...kept) };
  });
  return run(...inputs);
}
