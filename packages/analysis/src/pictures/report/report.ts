import type { HeadMap } from "../head-map.js";
import type { PackedMap } from "./payload.js";

/**
 * What a report shows: plain data without methods, filled by any program. Every section may be missing or empty.
 *
 * Numbers are finite; `null` where a result is undefined.
 */
export interface Report {
  readonly version: 1;
  readonly title: string;
  /** The name of the model. */
  readonly model?: string | undefined;
  /** The text that the tokens make. */
  readonly text?: string | undefined;
  /** The tokens of the sequence: rows and columns of a map, unless its layer names others. */
  readonly tokens: readonly string[];
  readonly layers: readonly ReportLayer[];
  readonly lens?: ReportLens | undefined;
  readonly losses?: readonly ReportLoss[] | undefined;
  readonly attribution?: ReportAttribution | undefined;
  readonly ablation?: readonly ReportAblation[] | undefined;
  readonly patching?: ReportPatching | undefined;
  /** Sentences about the report: settings, seeds, what was left out. */
  readonly notes?: readonly string[] | undefined;
}

/** The heads of one attention. */
export interface ReportLayer {
  /** The dotted name of the attention in its model, for example `"layers.0.attention"`. */
  readonly name: string;
  /** How heads are titled: `"L0"` gives `"L0·H3"`, `"cross L0"` gives `"cross L0·H3"`. */
  readonly label: string;
  /** The tokens of the queries; default the tokens of the report. */
  readonly rowTokens?: readonly string[] | undefined;
  /** The tokens of the keys; default the tokens of the report. */
  readonly columnTokens?: readonly string[] | undefined;
  readonly heads: readonly ReportHead[];
}

/** One head: its map and what was measured on it. */
export interface ReportHead {
  /** Index of the head in its attention, from 0. */
  readonly head: number;
  /** Whole, or packed as `analyzeText` does. */
  readonly map: HeadMap | PackedMap;
  readonly metrics: readonly ReportMetric[];
  readonly labels: readonly ReportLabel[];
}

/** The score of a head by a metric. */
export interface ReportMetric {
  /** The name of the metric, for example `"previousTokenMass"`. */
  readonly name: string;
  readonly score: number | null;
  /** The score of uniform attention under the same mask. */
  readonly nullScore: number | null;
  /** (score − nullScore) / (1 − nullScore); null for a metric without an upper bound of 1. */
  readonly lift: number | null;
}

/** A label that a rule gave to a head, with its evidence. */
export interface ReportLabel {
  readonly label: string;
  readonly score: number;
  readonly nullScore: number | null;
  readonly threshold: number;
  /** The rule and the numbers in a sentence. */
  readonly evidence: string;
}

/** Predictions that are read from the residual stream after each layer. */
export interface ReportLens {
  /** The names of the layers, first to last. */
  readonly layers: readonly string[];
  /** `[layer][position]` */
  readonly positions: readonly (readonly LensCell[])[];
}

/** The prediction of one layer at one position. */
export interface LensCell {
  /** The token at the position, that is the last one that the prediction is made from. */
  readonly token: string;
  /** Entropy of the prediction in nats. */
  readonly entropy: number;
  /** The most probable next tokens, best first. */
  readonly top: readonly { readonly token: string; readonly probability: number }[];
}

/** The loss of the prediction of one token, in nats. */
export interface ReportLoss {
  readonly token: string;
  readonly loss: number;
}

/** The parts that a logit is the sum of. */
export interface ReportAttribution {
  /** What the logit is of, for example `"the logit of ' mat' at position 5"`. */
  readonly target: string;
  readonly logit: number;
  readonly components: readonly { readonly name: string; readonly value: number }[];
}

/** The change of the loss when a part is removed: above 0 means that the part helps. */
export interface ReportAblation {
  readonly name: string;
  readonly change: number;
}

/** What comes back of the prediction for the text when parts of its run are put into the run of a second text. */
export interface ReportPatching {
  /** What is measured, for example `"the logit of ' mat'"`. */
  readonly measure: string;
  /** The measure of the two runs: of the text, and of the second text. */
  readonly clean: number;
  readonly corrupt: number;
  /** 0 = nothing comes back, 1 = everything; null if the two runs do not differ. */
  readonly heads: readonly { readonly name: string; readonly restored: number | null }[];
}
