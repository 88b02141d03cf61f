import { broadcastTo, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { sumTo } from "./sum-to.js";
import { withGradient } from "./with-gradient.js";

/** `tf.broadcastTo`, right also where there is nothing to write or to sum: tfjs then keeps a size of 1, or throws. */
export function broadcast(x: Tensor, shape: readonly number[]): Tensor {
  const isEmpty = shape.includes(0);
  return withGradient(
    [x],
    (values) => ({ value: isEmpty ? zeros([...shape], x.dtype) : broadcastTo(values!, [...shape]), saved: [] }),
    (gradient) => [sumTo(gradient, x.shape)],
  );
}
