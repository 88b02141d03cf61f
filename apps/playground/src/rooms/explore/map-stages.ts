import type { ScoreStage } from "../../reading/readings.js";

/** What the large map can show, in the order of the computation. */
export const mapStages = ["raw", "scaled", "biased", "capped", "masked", "weights"] as const satisfies readonly (ScoreStage | "weights")[];
export type MapStage = (typeof mapStages)[number];

interface StageWords {
  /** On the control. */
  readonly choice: string;
  /** What the numbers are called. */
  readonly title: string;
  readonly meaning: string;
}

export const stageWords: Readonly<Record<MapStage, StageWords>> = {
  raw: {
    choice: "q · k",
    title: "dot products",
    meaning: "The dot product of each query with each key, also where the mask will hide it.",
  },
  scaled: { choice: "scaled", title: "scaled scores", meaning: "Each dot product times the scale of the model, usually 1 / √dₖ." },
  biased: {
    choice: "with bias",
    title: "scores with bias",
    meaning: "The model adds a number that depends on how far apart two tokens are.",
  },
  capped: { choice: "capped", title: "capped scores", meaning: "A soft cap bends large scores back below a limit." },
  masked: { choice: "masked", title: "masked scores", meaning: "Hidden cells are set to −∞, which the softmax turns into exactly 0." },
  weights: { choice: "softmax", title: "weights", meaning: "The softmax turns each row into weights that sum to 1." },
};

/** Why a stage that every reader expects is not among those of a head; empty if both are. */
export function absentWords(stages: readonly ScoreStage[]): string {
  const absent = (["scaled", "masked"] as const).filter((stage) => !stages.includes(stage));
  return absent.map((stage) => (stage === "scaled" ? "This head does not scale its scores." : "No cell is masked here.")).join(" ");
}
