import type { HeadReading, PredictionsReading } from "../../reading/readings.js";

/** What a model does with one mask. */
export interface MaskedReading {
  readonly head: HeadReading;
  /** Null for a model without predictions. */
  readonly predictions: PredictionsReading | null;
}

/** A model with its own mask, and with another one. */
export interface MaskEffect {
  readonly own: MaskedReading;
  readonly changed: MaskedReading;
  /**
   * How much of the head's own attention the other mask still allows: the mean over the queries that may look at anything. Null
   * without such a query, and when the mask has another size than the map.
   */
  readonly kept: number | null;
}
