import { tokenize } from "@tfblocks/lesson";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { type Failure, failureFrom, type Outcome } from "./outcome.js";

/** The tokens of a text, or the failure of its field. */
export function tokensOf(text: string, field: string): Outcome<string[]> {
  return attempt(field, () => tokenize(text));
}

/** The result of a function, or its error as the failure of a field. */
export function attempt<Result>(field: string, make: () => Result): Outcome<Result> {
  try {
    return { ok: true, result: make() };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, field) };
  }
}

/** An error as a sentence for the reader. */
function describeFailure(error: unknown, field: string): Failure {
  if (error instanceof ArgumentError && error.operation === "tokenize") {
    const received = error.received.startsWith('"') ? "" : ` This one has ${error.received}.`;
    return { field, sentence: `Please enter ${error.expected}.${received}` };
  }
  return failureFrom(error, field);
}
