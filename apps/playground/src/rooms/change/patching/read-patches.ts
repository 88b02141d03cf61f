import { slice, sub, type Tensor } from "@tensorflow/tfjs-core";
import { patchGrid } from "@tfblocks/analysis/models";
import { scope } from "@tfblocks/tensor-utils";
import type { EncoderDecoder, LanguageModel } from "@tfblocks/transformer";
import type { TaskPort } from "../../../compute/task.js";
import type { OpenModel } from "../../../models/opened-model.js";
import { hiddenStates, type ReadTexts, withTensors } from "../../../reading/model-texts.js";
import { checkHead } from "../../../reading/read-predictions.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import { type ComparedTokens, comparedTokens } from "./compared-tokens.js";
import { logitsAt } from "./logits-at.js";
import type { PatchReading } from "./patch-reading.js";
import type { PatchSettings } from "./patch-settings.js";
import { patchTexts, watchedPosition } from "./patch-texts.js";

type Model = LanguageModel | EncoderDecoder;

/**
 * Puts values of the other text into the reader's text, one after the other, without the edits.
 *
 * @returns undefined after a cancel
 * @throws ReadingError when the texts or tokens do not fit
 */
export async function readPatches(
  opened: OpenModel,
  input: ReadingInput,
  settings: PatchSettings,
  port: TaskPort,
): Promise<PatchReading | undefined> {
  checkHead(opened);
  const texts = patchTexts(opened, input, settings);
  const at = watchedPosition(texts.corrupt, settings.at);
  const tokens = await comparedTokens(opened, texts, at, settings);
  const runOn = (read: ReadTexts) => (model: Model) => logitDifference(model, read, at, tokens);
  const onProgress = async (done: number, total: number): Promise<void> => {
    if (!(await port.step("Putting values in", done, total))) throw new Cancelled();
  };
  try {
    const runs = { clean: runOn(texts.clean), corrupt: runOn(texts.corrupt) };
    const { by, clean, corrupt, cells } = await patchGrid<Model>(opened.model, runs, { by: settings.by, onProgress });
    return { ...namesOf(opened, texts.corrupt, tokens), at, by, clean, corrupt, cells };
  } catch (error) {
    if (error instanceof Cancelled) return undefined;
    throw error;
  }
}

class Cancelled extends Error {}

/** logit(right) − logit(wrong) of one position: `[1]`. */
function logitDifference(model: Model, texts: ReadTexts, at: number, { right, wrong }: ComparedTokens): Tensor {
  return withTensors(texts, (tensors) =>
    scope(() => {
      const logits = logitsAt(model, hiddenStates(model, tensors), at);
      return sub(slice(logits, [right], [1]), slice(logits, [wrong], [1]));
    }),
  );
}

function namesOf({ tokenizer }: OpenModel, { text, source }: ReadTexts, tokens: ComparedTokens) {
  const [right, wrong] = tokenizer.texts([tokens.right, tokens.wrong]);
  return { tokens: (source ?? text).tokens, answerTokens: source === undefined ? [] : text.tokens, right: right!, wrong: wrong! };
}
