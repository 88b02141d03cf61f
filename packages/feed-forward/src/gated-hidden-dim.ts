import { checkInteger, checkOptions } from "@tfblocks/tensor-utils";

/** Sizes of {@link gatedHiddenDim}. */
export interface GatedHiddenDimSizes {
  readonly dModel: number;
  /** The result is rounded up to a multiple of this number; default 1. Llama uses 256. */
  readonly multipleOf?: number;
}

/**
 * The hidden width with which a gated feed-forward network has as many parameters as a plain one of width 4 dModel:
 * 2/3 · 4 dModel, rounded down, then rounded up to a multiple of `multipleOf`. For Llama,
 * `gatedHiddenDim({ dModel: 4096, multipleOf: 256 })` is 11008.
 * Source: Shazeer 2020; Touvron et al. 2023.
 *
 * @throws ValueError when a size is not a positive integer or is unknown
 */
export function gatedHiddenDim(sizes: GatedHiddenDimSizes): number {
  const { dModel, multipleOf = 1 } = checkOptions("gatedHiddenDim", sizes, { dModel: true, multipleOf: true }, "size");
  checkInteger("gatedHiddenDim", "dModel", dModel, 1);
  checkInteger("gatedHiddenDim", "multipleOf", multipleOf, 1);
  return multipleOf * Math.ceil(Math.floor((8 * dModel) / 3) / multipleOf);
}
