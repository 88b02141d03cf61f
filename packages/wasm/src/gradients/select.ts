import { type GradConfig, Select, where, zerosLike } from "@tensorflow/tfjs-core";
import { nothing } from "./nothing.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.where`: elements that were not chosen get 0, even if the upstream gradient is not finite, where tfjs gives NaN. */
export const selectGradient: GradConfig = gradientOf({
  kernelName: Select,
  inputsToSave: ["condition"],
  gradFunc: (gradient, [condition]) => ({
    condition: () => nothing(condition!),
    t: () => where(condition!, gradient, zerosLike(gradient)),
    e: () => where(condition!, zerosLike(gradient), gradient),
  }),
});
