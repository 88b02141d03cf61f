import type { Outcome } from "../../../compute/outcome.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { Continuation } from "../../../reading/readings.js";

/** What the model writes without the edits and with them. */
export interface WrittenTexts {
  readonly before: Continuation;
  /** A failure if the edits hold for the tokens of the text only. */
  readonly after: Outcome<Continuation>;
}

/** Lets the model write on without the edits and with them; of an encoder-decoder, its whole answer. Undefined after a cancel. */
export async function writeTexts(
  input: ReadingInput,
  write: (input: ReadingInput) => Promise<Outcome<Continuation> | undefined>,
): Promise<Outcome<WrittenTexts> | undefined> {
  const unwritten = { ...input, answer: "" };
  const before = await write({ ...unwritten, edits: [] });
  if (before === undefined || !before.ok) return before;
  const after = input.edits.length === 0 ? before : await write(unwritten);
  return after && { ok: true, result: { before: before.result, after } };
}

/** The index of the first token that differs; the number of tokens when none does. */
export function firstDifference({ tokens: before }: Continuation, { tokens: after }: Continuation): number {
  const different = after.findIndex(({ id }, index) => before[index]?.id !== id);
  return different < 0 ? after.length : different;
}
