import { add, type GradConfig, range, reshape, scatterND, type Tensor, TopK, zeros } from "@tensorflow/tfjs-core";
import { gradientOf } from "./typed-gradient.js";

/** `tf.topk`: the gradient of each value goes to the position of the value. */
export const topKGradient: GradConfig = gradientOf<object, Tensor[]>({
  kernelName: TopK,
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: ([ofValues], [x, indices]) => ({ x: () => scatterValues(ofValues!, x!, indices!) }),
});

function scatterValues(values: Tensor, x: Tensor, indices: Tensor): Tensor {
  if (values.size === 0) return zeros(x.shape);
  const [length, chosen] = [x.shape.at(-1)!, indices.shape.at(-1)!];
  const starts = reshape(range(0, x.size, length, "int32"), [-1, 1]); // [rows, 1]
  const places = reshape(add(reshape(indices, [-1, chosen]), starts), [-1, 1]);
  return reshape(scatterND(places, reshape(values, [-1]), [x.size]), x.shape);
}
