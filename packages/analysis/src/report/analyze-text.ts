import { checkOptions, type OptionNames } from "@tfblocks/tensor-utils";
import { EncoderDecoder } from "@tfblocks/transformer";
import { checkFunction, checkString } from "../checks.js";
import { ablateAll } from "../experiments/ablate-all.js";
import { headLabel } from "../models/attention-label.js";
import type { Report } from "../pictures/report/report.js";
import { checkStreamModel, predictsNext, type StreamModel } from "../stream/stream-options.js";
import { tokenLosses } from "../stream/token-losses.js";
import { isDelimiterText } from "../labels/delimiters.js";
import { reportAgainst } from "./report-against.js";
import { reportAttribution } from "./report-attribution.js";
import type { DelimiterTest } from "./measure-attention.js";
import { reportLayers } from "./report-layers.js";
import { reportLens, reportLosses } from "./report-predictions.js";
import { checkText, type ModelTexts, type Subject, subjectOf, type TokenizedText } from "./subject.js";

/** What is being computed, for a progress bar. */
export type AnalysisStage = "heads" | "predictions" | "attribution" | "second text" | "ablation";

/** Options of {@link analyzeText}. */
export interface AnalyzeTextOptions {
  /** The heading of the page; default "Attention heads". */
  readonly title?: string;
  /** The name of the model, shown below the title; default none. */
  readonly modelName?: string;
  /** The text as it was written, before the tokenizer; default none. */
  readonly written?: string;
  /** The text of a token, for predictions; default its id. */
  readonly textOf?: (id: number) => string;
  /** Whether a token separates sentences, by its text; default special tokens in brackets, and tokens of punctuation only. */
  readonly isDelimiter?: DelimiterTest;
  /** A second text, with which attention and predictions are compared. */
  readonly against?: TokenizedText;
  /** Whether to switch off each head in turn; default false. It takes a run of the model for each head. */
  readonly ablate?: boolean;
  /** Called as the parts get done. May return a promise, so that a page can draw. */
  readonly onProgress?: (stage: AnalysisStage, done: number, total: number) => void | Promise<void>;
}

const optionNames: OptionNames<AnalyzeTextOptions> = {
  title: true,
  modelName: true,
  written: true,
  textOf: true,
  isDelimiter: true,
  against: true,
  ablate: "flag",
  onProgress: true,
};

/**
 * Everything about one text as a report: the map, scores and labels of each head, the logit lens, the loss of each token, and the
 * attribution of the prediction after the last token. On request, also the ablation of each head and the comparison with a second
 * text. Pass it to `toHtml`.
 *
 * Sections that a model does not have are left out: a model without a head has no predictions, BERT no losses of next tokens.
 * Rows of attention are computed block by block, so that memory does not grow with length² × heads, except for the maps themselves:
 * beyond 2²² cells in all, they are pooled.
 *
 * @throws ValueError when a text is empty or does not fit its tokens, an id is outside the vocabulary, `source` is missing or not wanted, or an
 *   option is wrong or unknown
 */
export async function analyzeText(model: StreamModel, texts: ModelTexts, options: AnalyzeTextOptions = {}): Promise<Report> {
  checkTextOptions(model, options);
  const { title = "Attention heads", modelName, written, isDelimiter = isDelimiterText, onProgress = () => {}, ablate = false } = options;
  const subject = subjectOf("analyzeText", model, texts);
  try {
    const layers = await reportLayers(subject, isDelimiter, (done, total) => onProgress("heads", done, total));
    const predictions = hasHead(model) ? await reportPredictions(subject, options) : {};
    const { notes = [], ...others } = predictions;
    const compared = await comparison(subject, layers, options);
    const ablation = ablate && predictsNext(model) && hasHead(model) ? await reportAblation(subject, onProgress) : undefined;
    const named = { title, tokens: texts.text.tokens, ...(modelName && { model: modelName }), ...(written && { text: written }) };
    return { version: 1, ...named, ...others, ...compared, ...(ablation && { ablation }), notes: [...notes, ...compared.notes] };
  } finally {
    subject.dispose();
  }
}

/** Checks everything before the first layer is computed. */
function checkTextOptions(model: StreamModel, options: AnalyzeTextOptions): void {
  const { title, modelName, written, textOf, isDelimiter, onProgress, against } = checkOptions("analyzeText", options, optionNames);
  for (const [name, value] of Object.entries({ title, modelName, written })) {
    if (value !== undefined) checkString("analyzeText", name, value);
  }
  for (const [name, value] of Object.entries({ textOf, isDelimiter, onProgress })) {
    if (value !== undefined) checkFunction("analyzeText", name, value);
  }
  checkStreamModel("analyzeText", model);
  if (against !== undefined) checkText("analyzeText", "against", against, model.vocabSize);
}

async function comparison(
  subject: Subject,
  layers: Report["layers"],
  { against, textOf = String, onProgress = () => {} }: AnalyzeTextOptions,
): Promise<Pick<Report, "layers" | "patching"> & { readonly notes: readonly string[] }> {
  if (against === undefined) return { layers, notes: [] };
  return reportAgainst(subject, layers, against, { textOf, onProgress: (done, total) => onProgress("second text", done, total) });
}

function hasHead(model: StreamModel): boolean {
  return model instanceof EncoderDecoder || model.head !== undefined;
}

async function reportPredictions(
  subject: Subject,
  { textOf = String, onProgress = () => {} }: AnalyzeTextOptions,
): Promise<Pick<Report, "lens" | "losses" | "attribution" | "notes">> {
  const { lens, first, predicted } = await reportLens(subject, textOf);
  const losses = await reportLosses(subject);
  await onProgress("predictions", 1, 1);
  const attribution = predictsNext(subject.model) ? await reportAttribution(subject, predicted, textOf) : undefined;
  await onProgress("attribution", 1, 1);
  const notes = first === 0 ? [] : [`The predictions of layers are shown from position ${first} on, to save time and space.`];
  return { lens, notes, ...(losses && { losses }), ...(attribution && { attribution }) };
}

async function reportAblation(
  { model, ids, options }: Subject,
  onProgress: NonNullable<AnalyzeTextOptions["onProgress"]>,
): Promise<Report["ablation"]> {
  const loss = (each: StreamModel) => tokenLosses(each, ids, options);
  const { heads } = await ablateAll<StreamModel>(model, loss, { onProgress: (done, total) => onProgress("ablation", done, total) });
  return heads.flatMap((head) => (head.change === null ? [] : [{ name: headLabel(head), change: head.change }]));
}
