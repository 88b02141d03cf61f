import { broadcastTo, type Tensor, zeros } from "@tensorflow/tfjs-core";
import { sumTo } from "./sum-to.js";
import { withGradient } from "./with-gradient.js";

/** `tf.broadcastTo` that also handles empty tensors, for which tfjs keeps a size of 1 or throws. */
export function broadcast(x: Tensor, shape: readonly number[]): Tensor {
  const isEmpty = shape.includes(0);
  return withGradient(
    [x],
    (values) => ({ value: isEmpty ? zeros([...shape], x.dtype) : broadcastTo(values!, [...shape]), saved: [] }),
    (gradient) => [sumTo(gradient, x.shape)],
  );
}
