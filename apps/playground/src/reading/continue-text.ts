import { withEdits } from "@tfblocks/analysis/models";
import { EncoderDecoder, type LanguageModel } from "@tfblocks/transformer";
import { type Decoder, decoderOf, generate } from "@tfblocks/transformer/generate";
import type { TaskPort } from "../compute/task.js";
import type { ModelTokenizer, OpenModel } from "../models/opened-model.js";
import { editsOf } from "./edits-of.js";
import { type ReadTexts, readTexts, withTensors } from "./model-texts.js";
import { ReadingError } from "./reading-error.js";
import type { ReadingInput } from "./reading-input.js";
import type { Continuation, LikelyToken } from "./readings.js";

/** How a text is continued. */
export interface ContinuationSettings {
  /** How many tokens are written at most. */
  readonly count: number;
  /** 0 takes the likeliest token each time. */
  readonly temperature: number;
  readonly seed: number;
}

/**
 * Lets the model write on, with the edits of the input: after the text, or of an encoder-decoder after the answer. A special token ends it.
 *
 * @returns undefined after a cancel
 * @throws ReadingError when the model does not write, or an edit holds for the tokens of one text only
 */
export async function continueText(
  opened: OpenModel,
  input: ReadingInput,
  settings: ContinuationSettings,
  port: TaskPort,
): Promise<Continuation | undefined> {
  checkWrites(opened, input);
  const texts = readTexts(opened, input);
  const edits = editsOf(opened, input, texts, settings.count);
  try {
    const model = withEdits<LanguageModel | EncoderDecoder>(opened.model, edits.edits);
    if (!(model instanceof EncoderDecoder)) return await written(opened, texts, model, settings, port);
    const decoder = withTensors(texts, ({ source }) => decoderOf(model, source!));
    try {
      return await written(opened, texts, decoder, settings, port);
    } finally {
      decoder.dispose();
    }
  } finally {
    edits.dispose();
  }
}

function checkWrites({ info }: OpenModel, { edits }: ReadingInput): void {
  if (info.predicts !== "the next token") {
    throw new ReadingError("model", "This model does not write: it does not predict the next token.");
  }
  if (!edits.some(({ kind }) => kind === "patch" || kind === "freeze")) return;
  throw new ReadingError("edits", "A patch or frozen weights hold for the tokens of one text, so the model cannot write on with them.");
}

async function written(
  { tokenizer, info }: OpenModel,
  texts: ReadTexts,
  model: Decoder,
  { count, temperature, seed }: ContinuationSettings,
  port: TaskPort,
): Promise<Continuation | undefined> {
  const prompt = promptOf(texts, tokenizer);
  const room = Math.min(count, (info.maxLength ?? Infinity) - prompt.length);
  const tokens: LikelyToken[] = [];
  const options = { maxNewTokens: room, temperature: Math.max(0, temperature), seed, logProbs: 0 };
  let isEnded = false;
  for await (const { tokens: ids, logProbs } of room < 1 ? [] : generate(model, prompt, options)) {
    const [id, logProb] = [ids[0]!, logProbs![0]!.logProb];
    isEnded = tokenizer.specialIds.has(id);
    if (isEnded) break;
    tokens.push({ id, text: tokenizer.texts([id])[0]!, probability: Math.exp(logProb) });
    if (!(await port.step("Writing", tokens.length, room))) return undefined;
  }
  const before = tokenizer.decode(prompt);
  const added = tokenizer.decode([...prompt, ...tokens.map(({ id }) => id)]).slice(before.length);
  return { tokens, added, isEnded, isFull: room < count && tokens.length >= room };
}

/** The text without the special tokens that end it, or the answer of an encoder-decoder. */
function promptOf({ text, source }: ReadTexts, { specialIds }: ModelTokenizer): number[] {
  if (source !== undefined) return [...text.ids];
  const end = text.ids.findLastIndex((id) => !specialIds.has(id)) + 1;
  return text.ids.slice(0, end === 0 ? undefined : end);
}
