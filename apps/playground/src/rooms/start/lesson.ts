import type { LessonStep } from "./lesson-step.js";
import { ablationStep } from "./steps/ablation-step.js";
import { cellStep } from "./steps/cell-step.js";
import { headStep } from "./steps/head-step.js";
import { kindsStep } from "./steps/kinds-step.js";
import { predictionStep } from "./steps/prediction-step.js";
import { scaleStep } from "./steps/scale-step.js";
import { streamStep } from "./steps/stream-step.js";
import { tokensStep } from "./steps/tokens-step.js";
import { trainingStep } from "./steps/training-step.js";
import { yoursStep } from "./steps/yours-step.js";

/** The name of the lesson in links. */
export const lessonName = "attention";

/** The lesson, in order. */
export const lesson: readonly LessonStep[] = [
  tokensStep,
  predictionStep,
  headStep,
  cellStep,
  scaleStep,
  streamStep,
  ablationStep,
  trainingStep,
  kindsStep,
  yoursStep,
];
