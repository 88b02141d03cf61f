import { type PredictionReading, readPredictions as predictionsOf, type TokenProbability } from "@tfblocks/analysis/models";
import type { ModelTokenizer, OpenModel } from "../models/opened-model.js";
import { ReadingError } from "./reading-error.js";
import type { LikelyToken, PositionPrediction, PredictionsReading } from "./readings.js";
import type { Run } from "./run.js";

/** How predictions are shown. */
export interface PredictionSettings {
  /** Divides the logits; 1 shows the probabilities of the model. */
  readonly temperature: number;
  /** How many of the likeliest tokens are shown. */
  readonly topK: number;
}

/** What the model predicts at each position; nothing if it has no head. */
export async function readPredictions(run: Run, { temperature, topK }: PredictionSettings): Promise<PredictionsReading> {
  if (run.opened.info.predicts === "nothing") return { positions: [], meanLoss: null };
  const targets = targetsOf(run);
  const read = async (warmth: number, count: number): Promise<readonly PredictionReading[]> => {
    const options = { topK: Math.min(count, run.model.vocabSize), temperature: warmth, targets: [targets] };
    const [positions] = await predictionsOf(run.model, run.hidden, options);
    return positions!;
  };
  const plain = await run.once("losses", () => read(1, 1));
  const shown = await read(Math.max(temperature, 0.01), topK);
  const positions = shown.map((each, at) => positionOf(run.opened.tokenizer, each, plain[at]!));
  const losses = positions.flatMap(({ actual }) => (actual === null ? [] : [actual.loss]));
  return { positions, meanLoss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
}

/** @throws ReadingError when the model has no head */
export function checkHead({ info }: OpenModel): void {
  if (info.predicts !== "nothing") return;
  throw new ReadingError("model", "This model predicts no tokens: it turns a text into vectors, which have no word to show.");
}

/** The token that follows each one; null where there is none. */
function targetsOf({ opened, texts }: Run): (number | null)[] {
  const { ids } = texts.text;
  return ids.map((_, position) => (opened.info.predicts === "the next token" ? (ids[position + 1] ?? null) : null));
}

/** @param plain the same at temperature 1, for the loss */
function positionOf(tokenizer: ModelTokenizer, { top, target }: PredictionReading, plain: PredictionReading): PositionPrediction {
  const shown = top.map((each) => likelyToken(tokenizer, each));
  if (target === null) return { top: shown, actual: null };
  const { token, logProb, rank } = target;
  const actual = likelyToken(tokenizer, { token, probability: Math.exp(logProb) });
  return { top: shown, actual: { ...actual, rank, loss: 0 - plain.target!.logProb } };
}

/** A token of the vocabulary with its text. */
export function likelyToken(tokenizer: ModelTokenizer, { token, probability }: TokenProbability): LikelyToken {
  return { id: token, text: tokenizer.texts([token])[0]!, probability };
}
