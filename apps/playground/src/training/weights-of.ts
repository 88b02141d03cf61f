import { tensor } from "@tensorflow/tfjs-core";
import { Random, scope } from "@tfblocks/tensor-utils";
import type { ZooModel } from "@tfblocks/zoo";
import type { Weights } from "./run-store.js";
import type { TrainingPlan } from "./training-plan.js";

/** A copy of the parameters of a model. */
export function weightsOf(model: ZooModel): Weights {
  return Object.fromEntries(
    Object.entries(model.parameters()).map(([name, variable]) => [name, (variable.dataSync() as Float32Array).slice()]),
  );
}

/** A model of a plan with other parameters; the caller owns it. */
export function modelWith(plan: Pick<TrainingPlan, "build">, weights: Weights): ZooModel {
  const model = plan.build(new Random(0));
  for (const [name, variable] of Object.entries(model.parameters())) {
    scope(() => variable.assign(tensor(weights[name]!, variable.shape, "float32")));
  }
  return model;
}
