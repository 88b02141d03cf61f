import type { Outcome } from "../compute/outcome.js";
import { openModel } from "../models/open-models.js";
import { answer } from "./answer.js";
import type { ReadingInput } from "./reading-input.js";
import type { Run } from "./run.js";
import { Runs } from "./runs.js";

/** The runs of the current text, which all rooms share. */
export const runs = new Runs();

/** Reads the chosen model on a text, with its edits. @returns a sentence for the reader when the input does not fit the model */
export function reading<Result>(
  modelsUrl: string,
  input: ReadingInput,
  read: (run: Run) => Result | Promise<Result>,
): Promise<Outcome<Result>> {
  return answer(async () => runs.read(await openModel(input.model, modelsUrl), input, read));
}
