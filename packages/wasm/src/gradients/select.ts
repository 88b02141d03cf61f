import { type GradConfig, Select, where, zerosLike } from "@tensorflow/tfjs-core";
import { nothing } from "./nothing.js";
import { gradientOf } from "./typed-gradient.js";

/** `tf.where`: what was not chosen gets 0, also where the upstream gradient is not finite; tfjs's gives NaN there. */
export const selectGradient: GradConfig = gradientOf({
  kernelName: Select,
  inputsToSave: ["condition"],
  gradFunc: (gradient, [condition]) => ({
    condition: () => nothing(condition!),
    t: () => where(condition!, gradient, zerosLike(gradient)),
    e: () => where(condition!, zerosLike(gradient), gradient),
  }),
});
