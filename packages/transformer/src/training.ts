export { AdamW, type AdamWGroup, type AdamWOptions } from "./training/adamw.js";
export { type Checkpoint, type CheckpointParts, loadCheckpoint, saveCheckpoint, type TrainingPosition } from "./training/checkpoint.js";
export { type CheckpointFormat, type CheckpointStore, MemoryCheckpointStore } from "./training/checkpoint-store.js";
export { crossEntropy, type CrossEntropyOptions } from "./training/cross-entropy.js";
export { clipByGlobalNorm, type ClippedGradients, globalNorm } from "./training/global-norm.js";
export { GradientAccumulator } from "./training/gradient-accumulator.js";
export type { Gradients } from "./training/gradients.js";
export type { Optimizer, StepOptions } from "./training/optimizer.js";
export { safetensorsFormat } from "./training/safetensors-format.js";
export {
  constant,
  inverseSqrt,
  type InverseSqrtOptions,
  type Schedule,
  warmupCosine,
  warmupLinear,
  type WarmupOptions,
} from "./training/schedules.js";
export { type CheckpointOptions, train, type TrainOptions } from "./training/train.js";
export { Trainer } from "./training/trainer.js";
export type { LossContext, RunOptions, TrainerOptions, TrainingProgress } from "./training/trainer-options.js";
export { type Divergence, TrainingDiverged } from "./training/training-diverged.js";
export { valueAndGradients, type ValueAndGradients } from "./training/value-and-gradients.js";
