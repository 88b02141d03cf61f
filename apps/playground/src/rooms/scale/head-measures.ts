import type { HeadPlace } from "../../models/model-info.js";

/** What is told of one head under one way to score; null where no row has two keys to choose from. */
export interface HeadMeasure {
  /** Variance of the scores within a row: only differences within a row change its weights. */
  readonly rowVariance: number | null;
  readonly spread: number | null;
  readonly maxWeight: number | null;
  readonly jacobian: number | null;
  /** The median of the rows. */
  readonly gradient: number | null;
}

/** A head as the model scores it, without a scale, and with the settings of the laboratory. */
export interface MeasuredHead {
  readonly place: HeadPlace;
  readonly own: HeadMeasure;
  readonly none: HeadMeasure;
  readonly chosen: HeadMeasure;
}

/** The heads of one layer of a model on a text. */
export interface MeasuredLayer {
  readonly heads: readonly MeasuredHead[];
  readonly headDim: number;
  /** The factor of the dot products in the model. */
  readonly scale: number;
  /** The cap of the model; null without one. */
  readonly softcap: number | null;
  /** How many queries and keys were measured, from the start of the text. */
  readonly rows: number;
  readonly columns: number;
}
