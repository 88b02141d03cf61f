import type { ReadingInput } from "../reading/reading-input.js";
import type { Workspace } from "./workspace.js";

/** What the numbers of a JSON file are of. */
export interface SavedSubject extends Pick<ReadingInput, "text" | "answer" | "edits"> {
  readonly version: 1;
  /** The name of the model, as the page shows it. */
  readonly model: string | null;
}

/** The model and the text that were read, for a JSON file. @param read by default what is shown now */
export function savedSubject({ info, input }: Workspace, read: ReadingInput = input.value): SavedSubject {
  const { text, answer, edits } = read;
  return { version: 1, model: info.value?.title ?? null, text, answer, edits };
}
