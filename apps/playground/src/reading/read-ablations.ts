import { reshape, slice, type Tensor } from "@tensorflow/tfjs-core";
import {
  ablateAll,
  type HeadAblation,
  headImportance,
  type HeadImportance,
  type LogitAttribution,
  tokenLosses,
} from "@tfblocks/analysis/models";
import { scope } from "@tfblocks/tensor-utils";
import { crossEntropy } from "@tfblocks/training";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import type { OnProgress } from "./follow.js";
import { attributions, placeOf } from "./read-attribution.js";
import { checkHead } from "./read-predictions.js";
import { ReadingError } from "./reading-error.js";
import type { AblationReading, AblationsReading } from "./readings.js";
import type { Run } from "./run.js";

/** Up to so many weights of all heads, gradients are computed: they need the whole maps, about 64 MB. */
const mostGradientWeights = 2 ** 23;
/** Up to so many positions, the logits of the next tokens are attributed. */
const mostAttributed = 256;

type Model = LanguageModel | EncoderDecoder;

/**
 * Switches off each head in turn, and tells what other methods say of it.
 *
 * @throws ReadingError when the model has no loss on this text
 */
export async function readAblations(run: Run, onProgress: OnProgress): Promise<AblationsReading> {
  checkLoss(run);
  const { ids, source } = run.tensors;
  const importance = await importanceOf(run);
  const given = await attributionsOf(run);
  const { loss, heads, randomHead } = await ablateAll<Model>(run.model, (model) => tokenLosses(model, ids, source && { source }), {
    onProgress,
    ...(importance && { importance }),
    ...(given && { attributions: given }),
  });
  return { loss: loss!, heads: heads.map((each) => readingOf(run, each)), randomHead };
}

function checkLoss({ opened, texts }: Run): void {
  checkHead(opened);
  if (opened.info.predicts !== "the next token") {
    const sentence =
      "This model fills in masked tokens. What a head is worth is measured by the loss of next tokens, which it does not predict.";
    throw new ReadingError("model", sentence);
  }
  if (texts.text.ids.length < 2) {
    throw new ReadingError(
      opened.model instanceof EncoderDecoder ? "answer" : "text",
      "Please enter at least two tokens: the second is what is predicted.",
    );
  }
}

function readingOf(run: Run, { attention, head, change, percentile, predictedChange, attribution }: HeadAblation): AblationReading {
  return { place: placeOf(run, { part: attention, head })!, change, percentile, predictedChange, attribution };
}

/** The change of the loss that its gradient foresees; undefined for a text that is too long. */
async function importanceOf({ model, opened, texts, tensors: { ids, source } }: Run): Promise<HeadImportance | undefined> {
  const heads = opened.info.stacks.reduce((sum, each) => sum + each.heads * each.parts.length, 0);
  const length = Math.max(texts.text.ids.length, texts.source?.ids.length ?? 0);
  if (heads * length ** 2 > mostGradientWeights) return undefined;
  return headImportance<Model, readonly Tensor[]>(model, [[ids, ...(source ? [source] : [])]], (gated, [text, memory]) =>
    lossOf(gated, text!, memory),
  );
}

/** The mean loss of the next tokens, `[1]`. */
function lossOf(model: Model, ids: Tensor, source: Tensor | undefined): Tensor {
  return scope(() => {
    const { logits } = model instanceof EncoderDecoder ? model.decode(ids, model.encode(source!).output) : model.apply(ids);
    const count = ids.shape[1]! - 1;
    return reshape(crossEntropy(slice(logits, [0, 0, 0], [1, count, -1]), slice(ids, [0, 1], [1, count])), [1]);
  });
}

/** What each head adds to the logits of the next tokens; undefined if an edit cannot be followed. */
async function attributionsOf(run: Run): Promise<readonly LogitAttribution[] | undefined> {
  const { ids } = run.texts.text;
  const at = Array.from({ length: Math.min(ids.length - 1, mostAttributed) }, (_, index) => index);
  try {
    return await attributions(
      run,
      at,
      at.map((position) => ids[position + 1]!),
    );
  } catch (error) {
    if (error instanceof ReadingError) return undefined;
    throw error;
  }
}
