import { jsonFile, txtFile } from "../../../exports/export-files.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { Continuation } from "../../../reading/readings.js";
import type { ExportFile } from "../../../ui/export-menu.js";

/** What a model has written, after the text that it continues; an encoder-decoder writes a text of its own. */
export function writtenText({ text }: ReadingInput, { added }: Continuation, isAnswer: boolean): string {
  return isAnswer ? added : `${text}${added}`;
}

/** The files of what a model has written. @param name "before" or "after" */
export function writingFiles(name: string, input: ReadingInput, continuation: Continuation, written: string): ExportFile[] {
  const { model, text, edits } = input;
  return [txtFile(`written-${name}`, written), jsonFile(`written-${name}`, { version: 1, model, text, edits, written, ...continuation })];
}
