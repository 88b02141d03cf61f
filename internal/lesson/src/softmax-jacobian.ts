import "@tfblocks/tensor-utils/gradients";
import { broadcastTo, eye, grad, mul, reshape, softmax, sqrt, sum, type Tensor } from "@tensorflow/tfjs-core";
import { scope } from "@tfblocks/tensor-utils";

/**
 * How much of a gradient passes through a softmax: for each row, the Frobenius norm of its Jacobian,
 * sqrt(Σ (∂ softmax(s)_i / ∂ s_j)²), computed with `tf.grad`.
 *
 * Each row is copied once for every output, so that one backward pass computes all rows of all Jacobians.
 *
 * @param scores `[rows, keys]`
 * @returns `[rows]`, from 0 (one-hot) to 1/2 (two equal weights)
 */
export function softmaxJacobianNorms(scores: Tensor): Tensor {
  const [rows, keys] = scores.shape as [number, number];
  return scope(() => {
    const copies = broadcastTo(reshape(scores, [rows, 1, keys]), [rows, keys, keys]);
    const oneHot = broadcastTo(reshape(eye(keys), [1, keys, keys]), [rows, keys, keys]);
    const jacobians = grad((x) => softmax(x))(copies, oneHot);
    return sqrt(sum(mul(jacobians, jacobians), [1, 2]));
  });
}
