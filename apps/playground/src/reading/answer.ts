import { DisposedError } from "@tfblocks/tensor-utils";
import { type Failure, failureFrom, isShortOfMemory, isTrap, type Outcome, sentenceOf } from "../compute/outcome.js";
import { transferArrays } from "../compute/transfer-arrays.js";
import { ModelFailure } from "../models/explain-failure.js";
import { Cancelled } from "../models/opening.js";
import { OutdatedError } from "./pause.js";
import { ReadingError } from "./reading-error.js";

/** The result of a computation, whose arrays move to the page, or a sentence for the reader about what went wrong. */
export async function answer<Result>(compute: () => Promise<Result>): Promise<Outcome<Result>> {
  try {
    return transferArrays({ ok: true, result: await compute() } as const);
  } catch (error) {
    if (isTrap(error)) throw error; // nothing in this worker can be trusted any more; the page starts another
    return { ok: false, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ReadingError) return { field: error.field, sentence: error.message };
  if (error instanceof OutdatedError) return { field: "text", sentence: error.message };
  if (error instanceof ModelFailure) return failureFrom(error, "model");
  if (error instanceof Cancelled || error instanceof DisposedError) {
    return { field: "model", sentence: "The model was closed meanwhile. Please open it again." };
  }
  if (isShortOfMemory(error)) return failureFrom(error, "text", "There is not enough memory for this text. Try a shorter one.");
  return { field: "model", sentence: `This could not be computed. ${sentenceOf(error)}` };
}
