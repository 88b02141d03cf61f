import type { Outcome } from "../../../compute/outcome.js";
import type { ReadingInput } from "../../../reading/reading-input.js";
import type { PredictionsReading, TokensReading } from "../../../reading/readings.js";

/** The predictions of a text without the edits and with them. */
export interface Comparison {
  readonly tokens: TokensReading;
  readonly before: PredictionsReading;
  /** A failure if an edit does not fit the text; then what is read without the edits is still shown. */
  readonly after: Outcome<PredictionsReading>;
}

/** The readings that a comparison needs. */
export interface ComparedReadings {
  readonly tokens: (input: ReadingInput) => Promise<Outcome<TokensReading>>;
  readonly predictions: (input: ReadingInput) => Promise<Outcome<PredictionsReading>>;
}

/** Reads a text without the edits and with them. */
export async function compare(input: ReadingInput, readings: ComparedReadings): Promise<Outcome<Comparison>> {
  const unchanged = { ...input, edits: [] };
  const tokens = await readings.tokens(unchanged);
  if (!tokens.ok) return tokens;
  const before = await readings.predictions(unchanged);
  if (!before.ok) return before;
  const after = input.edits.length === 0 ? before : await readings.predictions(input);
  if (!after.ok && after.failure.field !== "edits") return after;
  return { ok: true, result: { tokens: tokens.result, before: before.result, after } };
}

/** The tokens after which, or at which, the model predicts. */
export function predictingTokens({ tokens: { tokens, answerTokens } }: Comparison): readonly string[] {
  return (answerTokens.length === 0 ? tokens : answerTokens).map(({ text }) => text);
}
