import type { NumberRange } from "../../../reading/range-of.js";
import type { NormStages } from "./picture.js";

/** Numbers that a norm multiplies by or adds, `[width]`. */
export interface NormFactors extends NumberRange {
  readonly values: Float32Array;
}

/** A norm of a layer of the chosen model, with the vectors before it, rescaled, and after it. */
export interface ModelNorm extends NormStages {
  /** Its name within the layer, for example "attentionNorm". */
  readonly part: string;
  readonly kind: "LayerNorm" | "RMSNorm";
  /** Added inside the root. */
  readonly eps: number;
  readonly weight: NormFactors;
  readonly bias: NormFactors | null;
}
