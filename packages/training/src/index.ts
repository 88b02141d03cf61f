export { AdamW } from "./adamw.js";
export type { AdamWGroup, AdamWOptions } from "./adamw-options.js";
export {
  type Checkpoint,
  type CheckpointParts,
  loadCheckpoint,
  loadCheckpointModel,
  saveCheckpoint,
  type TrainingPosition,
} from "./checkpoint.js";
export { type CheckpointFormat, type CheckpointStore, InMemoryCheckpointStore } from "./checkpoint-store.js";
export { countedCrossEntropy, type CountedCrossEntropyOptions, type CountedLoss } from "./counted-loss.js";
export { crossEntropy, type CrossEntropyOptions } from "./cross-entropy.js";
export { clipByGlobalNorm, type ClippedGradients, globalNorm } from "./global-norm.js";
export { GradientAccumulator } from "./gradient-accumulator.js";
export type { Optimizer, StepOptions } from "./optimizer.js";
export { safetensorsFormat } from "./safetensors-format.js";
export {
  constant,
  inverseSqrt,
  type InverseSqrtOptions,
  type Schedule,
  warmupCosine,
  warmupLinear,
  type WarmupOptions,
} from "./schedules.js";
export { type CheckpointOptions, train, type TrainOptions } from "./train.js";
export { Trainer } from "./trainer.js";
export type { LossContext, RunOptions, TrainerOptions, TrainingProgress } from "./trainer-options.js";
export { type Divergence, TrainingDiverged } from "./training-diverged.js";
export { type CountedValueAndGradients, type Gradients, valueAndGradients, type ValueAndGradients } from "./value-and-gradients.js";
