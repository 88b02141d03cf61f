import {
  GatherNd,
  gatherND,
  type GradConfig,
  greater,
  onesLike,
  reshape,
  ScatterNd,
  scatterND,
  type Tensor,
  TensorScatterUpdate,
  where,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { nothing } from "./nothing.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.gatherND`: adds slices where they came from. */
export const gatherNdGradient: GradConfig = gradientOf({
  kernelName: GatherNd,
  inputsToSave: ["params", "indices"],
  gradFunc: (gradient, [params, indices]) => ({
    params: () => {
      const depth = indices!.shape.at(-1)!;
      const rows = reshape(indices!, [-1, depth]);
      return scatterND(rows, reshape(gradient, [rows.shape[0]!, ...params!.shape.slice(depth)]), params!.shape);
    },
    indices: () => nothing(indices!),
  }),
});

/** `tf.scatterND`: each update gets the gradient of the place that it was added to. */
export const scatterNdGradient: GradConfig = gradientOf({
  kernelName: ScatterNd,
  inputsToSave: ["indices"],
  gradFunc: (gradient, [indices]) => ({
    updates: () => gatherND(gradient, places(indices!)),
    indices: () => nothing(indices!),
  }),
});

/** `tf.tensorScatterUpdate`: the updates get the gradient of the places they replaced, the tensor that of all others. */
export const tensorScatterUpdateGradient: GradConfig = gradientOf({
  kernelName: TensorScatterUpdate,
  inputsToSave: ["indices", "updates"],
  gradFunc: (gradient, [indices, updates]) => ({
    tensor: () => where(greater(scatterND(indices!, onesLike(updates!), gradient.shape), 0), zerosLike(gradient), gradient),
    updates: () => gatherND(gradient, places(indices!)),
    indices: () => nothing(indices!),
  }),
});

/** Indices as `tf.gatherND` expects them; scatter operations also accept `[count]` for `[count, 1]`. */
function places(indices: Tensor): Tensor {
  return indices.rank === 1 ? reshape(indices, [-1, 1]) : indices;
}
