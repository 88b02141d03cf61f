import type { Stage } from "@tfblocks/attention";
import type { ReportLabel, ReportMetric } from "@tfblocks/analysis/pictures";
import type { AttentionKind, HeadPlace } from "../models/model-info.js";
import type { NumberRange } from "./range-of.js";

/** A token as the model reads it. */
export interface TokenView {
  readonly id: number;
  readonly text: string;
  /** Whether the vocabulary has no token for this piece of the text. */
  readonly isUnknown: boolean;
}

/** The tokens of the texts. */
export interface TokensReading {
  readonly tokens: readonly TokenView[];
  /** The output of an encoder-decoder, with its start token; empty for other models. */
  readonly answerTokens: readonly TokenView[];
  /** How many tokens at the end of the text were left out, because the model takes no more. */
  readonly leftOut: number;
}

/** A token with its probability. */
export interface LikelyToken {
  readonly id: number;
  readonly text: string;
  /** 0 to 1. */
  readonly probability: number;
}

/** What the model predicts at one position. */
export interface PositionPrediction {
  /** The likeliest tokens, the likeliest first. */
  readonly top: readonly LikelyToken[];
  /** The token that follows in the text; null after the last one, and for a model that does not predict the next token. */
  readonly actual: (LikelyToken & { readonly rank: number; readonly loss: number }) | null;
}

/** The predictions of a text; of an encoder-decoder, of its answer. */
export interface PredictionsReading {
  /** None of a model without a head. */
  readonly positions: readonly PositionPrediction[];
  /** The mean of −ln p of the tokens that follow, in nats; null without one. */
  readonly meanLoss: number | null;
}

/** What was measured on a head. */
export interface HeadFindings {
  readonly head: number;
  readonly metrics: readonly ReportMetric[];
  readonly labels: readonly ReportLabel[];
}

/** A matrix of weights or scores, row-major; queries are rows. */
export interface WeightMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** 1 where the query may attend to the key. */
  readonly allowed: Uint8Array;
}

/** The heads of one layer. */
export interface LayerReading {
  readonly kind: AttentionKind;
  readonly layer: number;
  /** Whether metrics and labels are there; a layer comes without them first. */
  readonly isMeasured: boolean;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  readonly heads: readonly (HeadFindings & {
    /** The weights; of more than 64 rows or columns pooled by their maximum. */
    readonly thumbnail: WeightMap;
  })[];
}

/** How the heads of a model compare; `places` are in the order of the similarity, kind by kind, as heads of other kinds read other tokens. */
export interface SimilarHeads {
  readonly places: readonly HeadPlace[];
  /** The place of each head in the plane, in the order of `places`; undefined where a head has no map to compare. */
  readonly layout: readonly ({ readonly x: number; readonly y: number } | undefined)[];
}

/** A stage of the scores of a head, in the order of the computation; `raw` are the dot products. */
export type ScoreStage = Exclude<Stage, "probabilities">;

/** The scores of one head at a stage. */
export interface ScoresReading {
  readonly place: HeadPlace;
  readonly stage: ScoreStage;
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  /** A score of −∞ is not allowed. */
  readonly map: WeightMap;
}

/** The whole map of one head. */
export interface HeadReading extends HeadFindings {
  readonly place: HeadPlace;
  /** The stages that change the scores of the head. */
  readonly stages: readonly ScoreStage[];
  readonly rowTokens: readonly string[];
  readonly columnTokens: readonly string[];
  readonly map: WeightMap;
}

/** Every number behind one cell. */
export interface CellReading {
  readonly place: HeadPlace;
  readonly query: number;
  readonly key: number;
  /** Of the query token, of the key token; after norms and rotation. */
  readonly queryVector: Float32Array;
  readonly keyVector: Float32Array;
  readonly valueVector: Float32Array;
  /** The head's output at the query: the sum of weights × values. */
  readonly outputVector: Float32Array;
  /** The scores of the row at each stage, `[keys]`. */
  readonly raw: Float32Array;
  readonly scaled: Float32Array;
  /** Input of the softmax: with soft cap and bias; −Infinity where masked. */
  readonly masked: Float32Array;
  readonly weights: Float32Array;
  /** What of the row goes to keys without a token: a sink or a learned key. With it, the weights sum to 1. */
  readonly otherWeight: number;
  readonly scale: number;
  readonly allowed: Uint8Array;
  /** Why the query may or may not attend to the key. */
  readonly reason: string;
}

/** What each layer would predict at each position. */
export interface LensReading {
  /** For example "embedding", "L0", …, the last one with the final norm. */
  readonly layers: readonly string[];
  /** The first position that was read: of long texts only the last ones are. */
  readonly first: number;
  /** `[layer][position]`; null before `first`. */
  readonly cells: readonly (readonly (LensCellReading | null)[])[];
}

export interface LensCellReading {
  readonly top: readonly LikelyToken[];
  /** In nats. */
  readonly entropy: number;
  /** The probability of the token that follows; null without one. */
  readonly actual: number | null;
}

/** What each head, layer and embedding adds to the logit of a token. */
export interface AttributionReading {
  readonly position: number;
  readonly token: LikelyToken;
  readonly logit: number;
  /** They sum to `logit`. */
  readonly components: readonly { readonly name: string; readonly place: HeadPlace | null; readonly value: number }[];
}

/** What follows from switching off a head, beside what other methods say of it. */
export interface AblationReading {
  readonly place: HeadPlace;
  /** The mean loss without the head − with it, in nats; above 0 if the head helps. */
  readonly change: number | null;
  /** The share of the other heads whose change is smaller, 0 to 1; null for a single head. */
  readonly percentile: number | null;
  /** The change that the gradient foresees; null for long texts. */
  readonly predictedChange: number | null;
  /** What the head adds to the logits of the tokens that follow, on average; null where edits cannot be followed. */
  readonly attribution: number | null;
}

/** What each head is worth. */
export interface AblationsReading {
  /** The mean loss with all heads, in nats. */
  readonly loss: number;
  readonly heads: readonly AblationReading[];
  /** The change that a head drawn at random makes, to compare with. */
  readonly randomHead: { readonly mean: number; readonly standardDeviation: number; readonly draws: number } | null;
}

/** What a model writes. */
export interface Continuation {
  /** The new tokens, with the probability that the model gave each at temperature 1. */
  readonly tokens: readonly LikelyToken[];
  /** What to add to the text; of an encoder-decoder, to the answer. */
  readonly added: string;
  /** Whether the model ended the text. */
  readonly isEnded: boolean;
  /** Whether it stopped because it takes no more tokens. */
  readonly isFull: boolean;
}

/** A tensor on the way through a layer. */
export interface LayerStage extends NumberRange {
  /** The dotted name of the part within the layer; empty for the layer itself. */
  readonly part: string;
  readonly side: "input" | "output";
  readonly tokens: readonly string[];
  readonly columns: number;
  /** `[tokens, columns]` */
  readonly values: Float32Array;
}

/** The tensors of one layer of a model on a text, in the order of the computation. */
export interface LayerStages {
  /** For example "layers.0". */
  readonly layer: string;
  readonly stages: readonly LayerStage[];
}
