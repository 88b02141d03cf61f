import { recipeOf } from "@tfblocks/zoo";
import type { RunSettings } from "./run-settings.js";
import type { TrainingPlan } from "./training-plan.js";

/** A recipe of the zoo with the steps, batches and learning rate of the reader. */
export function recipePlan(name: string, { steps, batchSize, learningRate }: Omit<RunSettings, "source" | "seed">): TrainingPlan {
  const recipe = recipeOf(name);
  const { tokenizer, schedule, probe, stopToken } = recipe;
  return {
    ...recipe,
    steps,
    batchSize,
    schedule: { ...schedule, peak: learningRate, floor: Math.min(schedule.floor ?? 0, learningRate) },
    prompt: probe.answer === undefined ? firstPart(probe.text) : probe.text,
    tokenizer: {
      vocabSize: tokenizer.vocabSize,
      encode: (text) => tokenizer.encode(text),
      decode: (ids) => tokenizer.decode(ids),
      texts: (ids) => tokenizer.tokens(ids),
    },
    tokenizerJson: tokenizer.toJSON(),
    unknownId: undefined,
    unknownShare: undefined,
    stopToken,
  };
}

/** The beginning of an example, for the model to continue: half of the words, or more of the characters. */
function firstPart(text: string): string {
  const words = text.split(" ");
  if (words.length > 1) return words.slice(0, Math.ceil(words.length / 2)).join(" ");
  return text.slice(0, Math.ceil(text.length * 0.7));
}
