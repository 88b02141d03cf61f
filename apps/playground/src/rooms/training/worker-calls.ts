import { modelFiles } from "@tfblocks/transformer/hugging-face";
import { recipes } from "@tfblocks/zoo";
import type { Outcome } from "../../compute/outcome.js";
import { describeFailure } from "../../compute/read-text.js";
import { send } from "../../compute/send.js";
import type { ListedRecipe, SessionEvent, TrainedFiles, TrainingOrder } from "./session-event.js";
import { TrainingSession } from "./training-session.js";
import { writeOn } from "./write-on.js";

let session: TrainingSession | undefined;

/** What the training room asks of the worker. */
export const trainingCalls: {
  trainingRecipes(): ListedRecipe[];
  /** Settles when the training has ended, by its last step, a stop or a failure. */
  trainingRun(order: TrainingOrder, tell: (event: SessionEvent) => void): Promise<Outcome<boolean>>;
  trainingPause(): void;
  trainingGoOn(): void;
  trainingStop(): void;
  trainingWrite(prompt: string): Promise<Outcome<string>>;
  trainingFiles(): Outcome<TrainedFiles>;
  trainingLeave(): void;
} = {
  trainingRecipes() {
    return recipes.map(({ name, title, teaches, steps, probe }) => ({ name, title, teaches, steps, prompt: probe.text }));
  },

  async trainingRun(order, tell) {
    session?.leave();
    try {
      session = new TrainingSession(order, (event) => tell(send(event)));
      await session.run();
      return { ok: true, result: true };
    } catch (error) {
      return { ok: false, failure: describeFailure(error, "training") };
    }
  },

  trainingPause() {
    session?.pause();
  },

  trainingGoOn() {
    session?.goOn();
  },

  trainingStop() {
    session?.stop();
  },

  async trainingWrite(prompt) {
    const model = session?.model;
    if (session === undefined || model === undefined) return missing("prompt");
    try {
      return { ok: true, result: await writeOn(model, session.recipe, prompt) };
    } catch (error) {
      return { ok: false, failure: describeFailure(error, "prompt") };
    }
  },

  /** The model as it is now, as a Hugging Face folder. */
  trainingFiles() {
    const model = session?.model;
    if (session === undefined || model === undefined) return missing("files");
    const { recipe } = session;
    const files = modelFiles(recipe.pretrained(model));
    return send({ ok: true, result: { ...files, "tokenizer.json": `${JSON.stringify(recipe.tokenizer, null, 2)}\n` } });
  },

  /** Stops what runs and frees the model. */
  trainingLeave() {
    session?.leave();
    session = undefined;
  },
};

function missing(field: string): Outcome<never> {
  return { ok: false, failure: { field, sentence: "There is no model yet: start a training first." } };
}
