import { checkOptions, type OptionNames, Random } from "@tfblocks/tensor-utils";
import { AdamW, type AdamWGroup, type CheckpointOptions, train, type TrainingProgress, warmupCosine } from "@tfblocks/training";
import type { Batch, TrainingRecipe, ZooModel } from "./recipe.js";

/** Options of {@link trainRecipe}. */
export interface TrainRecipeOptions {
  /** Number of steps, which the schedule spans; default that of the recipe. */
  readonly steps?: number | undefined;
  /** Seed of the initial parameters and the data; default 0. */
  readonly seed?: number | undefined;
  /** Stops the training after the current step. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainingProgress) => void | Promise<void>) | undefined;
  /** If the store holds a checkpoint, training resumes from it. */
  readonly checkpoint?: CheckpointOptions | undefined;
}

const optionNames: OptionNames<TrainRecipeOptions> = { steps: true, seed: true, signal: true, onProgress: true, checkpoint: true };

/**
 * Trains the model of a recipe. The same seed gives the same numbers, even if the training was resumed.
 *
 * @returns the model; the caller owns it
 * @throws ValueError when an option is unknown or outside its range
 * @throws TrainingDiverged when the loss or a gradient is NaN or infinite
 */
export async function trainRecipe<Model extends ZooModel>(recipe: TrainingRecipe<Model>, options: TrainRecipeOptions = {}): Promise<Model> {
  const { steps = recipe.steps, seed = 0, ...others } = checkOptions("trainRecipe", options, optionNames);
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

/** The optimizer of a recipe, without decay of vectors: norms and biases. */
function optimizerOf({ optimizer, schedule }: Pick<TrainingRecipe, "optimizer" | "schedule">): AdamW {
  const vectors: AdamWGroup = { match: (_name, { rank }) => rank < 2, weightDecay: 0 };
  return new AdamW({ learningRate: schedule.peak, ...optimizer, groups: [...(optimizer.groups ?? []), vectors] });
}
