import { analyzeText } from "@tfblocks/analysis/models";
import { toHtml } from "@tfblocks/analysis/pictures";
import type { Outcome } from "../../compute/outcome.js";
import type { TaskPort } from "../../compute/task.js";
import { openModel } from "../../models/open-models.js";
import { answer } from "../../reading/answer.js";
import type { ReadingInput } from "../../reading/reading-input.js";
import { Run } from "../../reading/run.js";

class Cancelled extends Error {}

const stages = {
  heads: "Measuring the heads",
  predictions: "Reading the predictions",
  attribution: "Taking the logit apart",
  "second text": "Comparing the texts",
  ablation: "Switching off the heads",
};

/** Everything about a text as one HTML file; no result after a cancel. */
export function report(modelsUrl: string, input: ReadingInput, port: TaskPort): Promise<Outcome<string | undefined>> {
  return answer(async () => {
    const opened = await openModel(input.model, modelsUrl);
    const run = new Run(opened, input);
    const { text, source } = run.texts;
    try {
      const found = await analyzeText(run.model, source === undefined ? { text } : { text, source }, {
        title: opened.info.title,
        modelName: input.model,
        written: input.text,
        textOf: (id) => opened.tokenizer.texts([id])[0]!,
        onProgress: async (stage, done, total) => {
          if (!(await port.step(stages[stage], done, total))) throw new Cancelled();
        },
      });
      return toHtml(found);
    } catch (error) {
      if (error instanceof Cancelled) return undefined;
      throw error;
    } finally {
      run.dispose();
    }
  });
}
