import type { ModelChoice } from "./model-choice.js";
import type { ModelId } from "./model-id.js";
import type { OpenModel } from "./opened-model.js";

/** Where the models of trainings in the page come from. */
export interface RunModels {
  /** The model of the last step of each training. */
  list(): Promise<readonly ModelChoice[]>;
  /** @throws Error with a sentence for the reader when the training or its step is not there */
  open(id: ModelId): Promise<OpenModel>;
}

let source: RunModels | undefined;

/** The worker tells where they come from, because trainings are made of models and not the other way round. */
export function provideRunModels(models: RunModels | undefined): void {
  source = models;
}

/** Undefined where nothing is trained, for example in a test. */
export function runModels(): RunModels | undefined {
  return source;
}
