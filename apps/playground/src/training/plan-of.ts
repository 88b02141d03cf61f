import type { TaskPort } from "../compute/task.js";
import { recipePlan } from "./recipe-plan.js";
import type { RunSettings } from "./run-settings.js";
import { textPlan } from "./text-plan.js";
import type { TrainingPlan } from "./training-plan.js";

/** The training that settings describe; undefined after a cancel. @throws Error with a sentence for the reader */
export async function planOf({ source, ...training }: RunSettings, port: TaskPort): Promise<TrainingPlan | undefined> {
  return source.kind === "recipe" ? recipePlan(source.recipe, training) : textPlan(source, training, port);
}
