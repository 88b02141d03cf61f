/** A failure as a plain object, because errors lose their fields on the way from the worker to the page. */
export interface Failure {
  /** One sentence for the reader. */
  readonly sentence: string;
  /** The name of the input that caused it. */
  readonly field: string;
  /** Whether memory ran out; the page then starts another worker. */
  readonly isShortOfMemory?: true;
}

/** A result or a failure. */
export type Outcome<Result> = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly failure: Failure };

const outOfMemory = "There is not enough memory for this. Choose a smaller model or smaller sizes, or close other tabs.";

/**
 * An error as the failure of a field.
 *
 * @param whenShort the sentence for the reader if memory ran out
 * @throws the error if it is a trap, so that the page starts another worker
 */
export function failureFrom(error: unknown, field: string, whenShort: string = outOfMemory): Failure {
  if (isTrap(error)) throw error;
  return isShortOfMemory(error) ? { field, sentence: whenShort, isShortOfMemory: true } : { field, sentence: sentenceOf(error) };
}

/** Whether a tensor or an array could not be allocated; also in the page, where an error has only its name and message left. */
export function isShortOfMemory(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === "AllocationError" ||
    /out of memory|memory access|allocat|grow .*memory|array (buffer )?length/i.test(error.message) ||
    isShortOfMemory(error.cause)
  );
}

/** Whether an answer of the worker is a failure because memory ran out. */
export function lacksMemory(answer: unknown): boolean {
  const { ok, failure } = (answer ?? {}) as Partial<{ ok: boolean; failure: Failure }>;
  return ok === false && failure?.isShortOfMemory === true;
}

/** The message of an error as a sentence with punctuation at its end. */
export function sentenceOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /[.?!…]$/.test(text) ? text : `${text}.`;
}

/** Whether WebAssembly broke off, for example by an access outside its memory; in the page, whether the worker sent such an error. */
export function isTrap(error: unknown): boolean {
  return error instanceof Error && error.name === "RuntimeError";
}
