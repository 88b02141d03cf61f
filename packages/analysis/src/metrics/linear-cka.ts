import { checkOptions, type OptionNames, refuse, ShapeError } from "@tfblocks/tensor-utils";
import { ckaOf, centredFeatures } from "./cka/centred-features.js";
import { checkMatrix, type MatrixRows } from "./linear-algebra/matrix.js";

/** Options of {@link linearCka}. */
export interface CkaOptions {
  /**
   * Whether to use the estimator whose mean is 0 for unrelated features, however few the rows; default false. It may be below
   * 0, and needs at least 4 rows.
   */
  readonly debiased?: boolean;
}

export const ckaOptionNames: OptionNames<CkaOptions> = { debiased: "flag" };

/**
 * Centred kernel alignment with linear kernels: how similar two sets of features of the same samples are.
 *
 * CKA = ‖XᵀY‖²_F / (‖XᵀX‖_F ‖YᵀY‖_F), with the mean of each column of X and Y subtracted. From 0 to 1, the score of features
 * that are equal up to rotation, isotropic scale and shift. With few samples for the number of columns unrelated features score
 * far above 0; `debiased` corrects that with the unbiased estimator of HSIC.
 *
 * Null when the rows of either are all equal (up to 1e-7 of their size), or `debiased` has nothing left to compare, for example
 * when a single row of the features differs.
 *
 * Source: Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited"; Song et al. 2012 for `debiased`.
 *
 * @param x `[samples, columns]`, a list of rows, for example the output of a head for each token
 * @param y `[samples, otherColumns]`
 * @throws ShapeError when x and y differ in samples, rows differ in length, or `debiased` has fewer than 4 samples
 * @throws ValueError when a value is not finite, or an option is unknown
 */
export function linearCka(x: MatrixRows, y: MatrixRows, options: CkaOptions = {}): number | null {
  const { debiased = false } = checkOptions("linearCka", options, ckaOptionNames);
  checkMatrix("linearCka", "x", x);
  checkMatrix("linearCka", "y", y);
  if (x.length !== y.length) {
    refuse(ShapeError, "linearCka", "y", `${x.length} rows, as x has`, `${y.length} rows`, "pass features of the same samples");
  }
  checkSamples("linearCka", "x", x.length, debiased);
  return ckaOf(centredFeatures(x), centredFeatures(y), debiased);
}

/** @throws ShapeError when there are too few samples for the debiased estimator */
export function checkSamples(operation: string, argument: string, samples: number, debiased: boolean): void {
  if (!debiased || samples >= 4) return;
  refuse(ShapeError, operation, argument, "at least 4 samples when debiased", samples, "pass more tokens, or debiased: false");
}
