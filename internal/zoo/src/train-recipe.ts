import { Random } from "@tfblocks/tensor-utils";
import { AdamW, type AdamWGroup, type CheckpointOptions, train, type TrainingProgress, warmupCosine } from "@tfblocks/training";
import type { Batch, Recipe, ZooModel } from "./recipe.js";

/** Options of {@link trainRecipe}. */
export interface TrainRecipeOptions {
  /** Default the recipe's; the schedule stretches along. */
  readonly steps?: number | undefined;
  /** Of first parameters and data; default 0. */
  readonly seed?: number | undefined;
  /** Stops after the step that is being taken. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void | Promise<void>) | undefined;
  /** A store that holds a checkpoint is gone on from. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

/**
 * Trains a model by its recipe; the same numbers for the same seed, resumed or not.
 *
 * @returns the model, the caller's own
 * @throws TrainingDiverged when the loss or a gradient is NaN or infinite
 */
export async function trainRecipe<Model extends ZooModel>(recipe: Recipe<Model>, options: TrainRecipeOptions = {}): Promise<Model> {
  const { steps = recipe.steps, seed = 0, ...others } = options;
  const model = recipe.build(new Random(seed).split(recipe.name));
  const optimizer = optimizerOf(recipe);
  try {
    await train<Batch>({
      model,
      loss: (batch) => recipe.loss(model, batch),
      batches: (index) => recipe.batch(index, seed, recipe.batchSize),
      optimizer,
      schedule: warmupCosine({ ...recipe.schedule, totalSteps: Math.max(steps, (recipe.schedule.warmupSteps ?? 0) + 1) }),
      clip: recipe.clip,
      seed,
      countTokens: ({ ids, target }) => ids.size + (target?.size ?? 0),
      steps,
      ...others,
    });
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  } finally {
    optimizer.dispose();
  }
}

/** Vectors, which are norms and biases, do not decay. */
function optimizerOf({ optimizer, schedule }: Recipe): AdamW {
  const vectors: AdamWGroup = { match: (_name, { rank }) => rank < 2, weightDecay: 0 };
  return new AdamW({ learningRate: schedule.peak, ...optimizer, groups: [...(optimizer.groups ?? []), vectors] });
}
