import { tokenize } from "@tfblocks/lesson";
import { ArgumentError } from "@tfblocks/tensor-utils";
import { type Failure, failureFrom, type Outcome } from "./outcome.js";

/** The tokens of a text, or what is wrong with it, under the name of its field. */
export function tokensOf(text: string, field: string): Outcome<string[]> {
  return attempt(field, () => tokenize(text));
}

/** What a function gives, or its error as a failure of a field. */
export function attempt<Result>(field: string, make: () => Result): Outcome<Result> {
  try {
    return { ok: true, result: make() };
  } catch (error) {
    return { ok: false, failure: describeFailure(error, field) };
  }
}

/** An error of the packages as a sentence for the reader. */
export function describeFailure(error: unknown, field: string): Failure {
  if (error instanceof ArgumentError && error.operation === "tokenize") {
    const received = error.received.startsWith('"') ? "one without" : `one of ${error.received}`;
    return { field, sentence: `Please write ${error.expected}; this is ${received}.` };
  }
  return failureFrom(error, field);
}
