import { anyText, type SettingsLink, whole } from "../../routing/settings-link.js";

/** What the reader chose to train. */
export interface TrainingSettings {
  readonly recipe: string;
  /** 0: as many as the recipe has. */
  readonly steps: number;
  readonly seed: number;
}

export const mostSteps = 5000;

export const trainingLink: SettingsLink<TrainingSettings> = {
  version: "1",
  defaults: { recipe: "induction", steps: 0, seed: 0 },
  fields: { recipe: anyText, steps: whole(0, mostSteps), seed: whole(0, 999_999) },
};
