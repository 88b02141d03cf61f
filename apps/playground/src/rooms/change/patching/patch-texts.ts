import { headsIn } from "@tfblocks/analysis/models";
import { walkParts } from "@tfblocks/tensor-utils";
import type { OpenModel } from "../../../models/opened-model.js";
import { type ReadTexts, readTexts, tokensOfText } from "../../../reading/model-texts.js";
import { ReadingError } from "../../../reading/reading-error.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { PatchSettings } from "./patch-settings.js";

/** The text from which values are taken, and the reader's, into which they are put. */
export interface PatchTexts {
  readonly clean: ReadTexts;
  readonly corrupt: ReadTexts;
}

/** One run of the rest of the model for each cell; a larger grid takes minutes and is no longer readable. */
const mostRuns = 2000;

/** The tokens of both texts. @throws ReadingError when one cannot be read, they have other lengths, or a grid of them is too large */
export function patchTexts(opened: OpenModel, input: ReadingInput, { other, by }: PatchSettings): PatchTexts {
  const texts = { corrupt: readTexts(opened, input), clean: otherTexts(opened, input, other) };
  checkLengths(texts);
  checkSize(opened, texts.corrupt, by);
  return texts;
}

/** The position whose prediction is watched. @throws ReadingError when there is none */
export function watchedPosition({ text }: ReadTexts, at: number): number {
  const last = text.ids.length - 1;
  if (at > last) throw new ReadingError("text", `There is no token ${at}: the text has ${last + 1}, counted from 0.`);
  return at < 0 ? last : at;
}

function otherTexts(opened: OpenModel, { answer }: ReadingInput, text: string): ReadTexts {
  try {
    return readTexts(opened, { text, answer });
  } catch (error) {
    if (!(error instanceof ReadingError)) throw error;
    throw new ReadingError("edits", `The other text cannot be read: ${error.message}`);
  }
}

function checkLengths({ clean, corrupt }: PatchTexts): void {
  const [other, own] = [tokensOfText(clean).ids.length, tokensOfText(corrupt).ids.length];
  if (other === own) return;
  const advice = "They must have the same number, so that each token has a partner.";
  throw new ReadingError("edits", `The other text has ${other} tokens and your text has ${own}. ${advice}`);
}

function checkSize({ model }: OpenModel, texts: ReadTexts, by: PatchSettings["by"]): void {
  const runs = by === "head" ? headsIn(model).length : positionsOf(model, texts);
  if (runs <= mostRuns) return;
  const advice = by === "head" ? "Take a smaller model." : "Take a shorter text, or patch heads.";
  throw new ReadingError("text", `This would run the model ${runs} times, and at most ${mostRuns} runs are made. ${advice}`);
}

/** How many positions all layers have together. */
function positionsOf(model: OpenModel["model"], { text, source = text }: ReadTexts): number {
  const layers = walkParts(model).filter(([name]) => /(^|\.)layers\.\d+$/.test(name));
  return layers.reduce((sum, [name]) => sum + (name.startsWith("encoder.") ? source : text).ids.length, 0);
}
