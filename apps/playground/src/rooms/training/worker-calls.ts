import { modelFiles } from "@tfblocks/transformer/hugging-face";
import { recipes } from "@tfblocks/zoo";
import type { Outcome } from "../../compute/outcome.js";
import { describeFailure } from "../../compute/read-text.js";
import { transferArrays } from "../../compute/transfer-arrays.js";
import { completePrompt } from "./complete-prompt.js";
import type { ListedRecipe, SessionEvent, TrainedFiles, TrainingOrder } from "./session-event.js";
import { TrainingSession } from "./training-session.js";

let session: TrainingSession | undefined;

/** The recipes that can be trained. */
export function listRecipes(): ListedRecipe[] {
  return recipes.map(({ name, title, teaches, steps, probe }) => ({ name, title, teaches, steps, prompt: probe.text }));
}

/** Trains a recipe. Resolves when the training has ended: after its last step, a stop or a failure. */
export async function run(order: TrainingOrder, report: (event: SessionEvent) => void): Promise<Outcome<boolean>> {
  session?.leave();
  try {
    session = new TrainingSession(order, (event) => report(transferArrays(event)));
    await session.run();
    return { ok: true, result: true };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, "training") };
  }
}

export function pause(): void {
  session?.pause();
}

export function resume(): void {
  session?.resume();
}

/** Stops the training after the current step; the model stays. */
export function stop(): void {
  session?.stop();
}

/** The text that the model generates from a prompt. */
export async function complete(prompt: string): Promise<Outcome<string>> {
  const model = session?.model;
  if (session === undefined || model === undefined) return missing("prompt");
  try {
    return { ok: true, result: await completePrompt(model, session.recipe, prompt) };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, "prompt") };
  }
}

/** The current model as the files of a Hugging Face folder. */
export function files(): Outcome<TrainedFiles> {
  const model = session?.model;
  if (session === undefined || model === undefined) return missing("files");
  const { recipe } = session;
  const written = modelFiles(recipe.pretrained(model));
  return transferArrays({ ok: true, result: { ...written, "tokenizer.json": `${JSON.stringify(recipe.tokenizer, null, 2)}\n` } });
}

/** Stops the training and frees the model. */
export function leave(): void {
  session?.leave();
  session = undefined;
}

function missing(field: string): Outcome<never> {
  return { ok: false, failure: { field, sentence: "There is no model yet. Start a training first." } };
}
