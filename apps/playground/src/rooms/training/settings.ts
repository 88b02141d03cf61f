import { anyText, type SettingsLink, whole } from "../../routing/settings-link.js";

/** The settings of the training. */
export interface TrainingSettings {
  readonly recipe: string;
  /** 0 = the number of steps of the recipe. */
  readonly steps: number;
  readonly seed: number;
}

export const maxSteps = 5000;

export const trainingLink: SettingsLink<TrainingSettings> = {
  version: "1",
  defaults: { recipe: "induction", steps: 0, seed: 0 },
  fields: { recipe: anyText, steps: whole(0, maxSteps), seed: whole(0, 999_999) },
};
