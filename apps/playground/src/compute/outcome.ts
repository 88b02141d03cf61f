/** What went wrong, as it crosses from the worker: errors lose their fields on the way, plain objects do not. */
export interface Failure {
  /** One sentence for the reader. */
  readonly sentence: string;
  /** Which input it belongs to, by the room's own name for it. */
  readonly field: string;
}

/** A result or a failure. */
export type Outcome<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly failure: Failure };

/** An error as a failure of a field. */
export function failureFrom(error: unknown, field: string): Failure {
  return { field, sentence: sentenceOf(error) };
}

/** What an error says, as a sentence with its end. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}
