/** A failure as a plain object, because errors lose their fields on the way from the worker to the page. */
export interface Failure {
  /** One sentence for the reader. */
  readonly sentence: string;
  /** The name of the input that caused it. */
  readonly field: string;
}

/** A result or a failure. */
export type Outcome<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly failure: Failure };

/** An error as the failure of a field. */
export function failureFrom(error: unknown, field: string): Failure {
  return { field, sentence: sentenceOf(error) };
}

/** The message of an error as a sentence with punctuation at its end. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}
