import type { Outcome } from "../compute/outcome.js";
import type { TaskPort } from "../compute/task.js";
import type { AttentionKind, HeadPlace } from "../models/model-info.js";
import { openModel } from "../models/open-models.js";
import { answer } from "./answer.js";
import { type ContinuationSettings, continueText } from "./continue-text.js";
import { follow } from "./follow.js";
import { readAblations } from "./read-ablations.js";
import { readAttribution } from "./read-attribution.js";
import { readCell } from "./read-cell.js";
import { readHead } from "./read-head.js";
import { readLens } from "./read-lens.js";
import { streamLayers } from "./read-layers.js";
import { type PredictionSettings, readPredictions } from "./read-predictions.js";
import { readScores } from "./read-scores.js";
import { readSimilar } from "./read-similar.js";
import { readStages } from "./read-stages.js";
import { readTokens } from "./read-tokens.js";
import type { ReadingInput } from "./reading-input.js";
import type {
  AblationsReading,
  AttributionReading,
  CellReading,
  Continuation,
  HeadReading,
  LayerReading,
  LayerStages,
  LensReading,
  PredictionsReading,
  ScoresReading,
  ScoreStage,
  SimilarHeads,
  TokensReading,
} from "./readings.js";
import { reading, runs } from "./shared-runs.js";

/** The tokens of the texts. */
export function tokens(modelsUrl: string, input: ReadingInput): Promise<Outcome<TokensReading>> {
  return answer(async () => readTokens(await openModel(input.model, modelsUrl), input));
}

/** What the model predicts at each position. */
export function predictions(modelsUrl: string, input: ReadingInput, settings: PredictionSettings): Promise<Outcome<PredictionsReading>> {
  return reading(modelsUrl, input, (run) => readPredictions(run, settings));
}

/**
 * Every layer, the one of `first` first; then each of them again with its scores and labels. The heads of long texts take a while.
 *
 * @returns how many layers there are; undefined after a cancel
 */
export function layers(
  modelsUrl: string,
  input: ReadingInput,
  first: HeadPlace,
  onLayer: (layer: LayerReading) => void,
  port: TaskPort,
): Promise<Outcome<number | undefined>> {
  return reading(modelsUrl, input, (run) => streamLayers(run, first, onLayer, port));
}

/** The whole map of a head. */
export function head(modelsUrl: string, input: ReadingInput, place: HeadPlace): Promise<Outcome<HeadReading>> {
  return reading(modelsUrl, input, (run) => readHead(run, place));
}

/** The scores of a head at a stage. */
export function scores(modelsUrl: string, input: ReadingInput, place: HeadPlace, stage: ScoreStage): Promise<Outcome<ScoresReading>> {
  return reading(modelsUrl, input, (run) => readScores(run, place, stage));
}

/** Every number behind one cell of a map. */
export function cell(modelsUrl: string, input: ReadingInput, place: HeadPlace, query: number, key: number): Promise<Outcome<CellReading>> {
  return reading(modelsUrl, input, (run) => readCell(run, place, query, key));
}

/** How the heads compare. @returns undefined after a cancel */
export function similar(modelsUrl: string, input: ReadingInput, port: TaskPort): Promise<Outcome<SimilarHeads | undefined>> {
  return reading(modelsUrl, input, (run) => follow(run, port, "Comparing heads", (onProgress) => readSimilar(run, onProgress)));
}

/** What each layer would predict. @returns undefined after a cancel */
export function lens(modelsUrl: string, input: ReadingInput, port: TaskPort): Promise<Outcome<LensReading | undefined>> {
  return reading(modelsUrl, input, (run) => follow(run, port, "Reading layers", (onProgress) => readLens(run, onProgress)));
}

/** What each part adds to the logit of a token, default the likeliest one. */
export function attribution(
  modelsUrl: string,
  input: ReadingInput,
  position: number,
  tokenId?: number,
): Promise<Outcome<AttributionReading>> {
  return reading(modelsUrl, input, (run) => readAttribution(run, position, tokenId));
}

/** What each head is worth. @returns undefined after a cancel */
export function ablations(modelsUrl: string, input: ReadingInput, port: TaskPort): Promise<Outcome<AblationsReading | undefined>> {
  return reading(modelsUrl, input, (run) => follow(run, port, "Switching off heads", (onProgress) => readAblations(run, onProgress)));
}

/** Lets the model write on. @returns undefined after a cancel */
export function generate(
  modelsUrl: string,
  input: ReadingInput,
  settings: ContinuationSettings,
  port: TaskPort,
): Promise<Outcome<Continuation | undefined>> {
  return answer(async () => continueText(await openModel(input.model, modelsUrl), input, settings, port));
}

/** Every tensor of a layer, in the order of the computation. */
export function stages(modelsUrl: string, input: ReadingInput, kind: AttentionKind, layer: number): Promise<Outcome<LayerStages>> {
  return reading(modelsUrl, input, (run) => readStages(run, kind, layer));
}

/** Frees what was kept for the next reading of the same text. */
export function forget(): void {
  runs.clear();
}
