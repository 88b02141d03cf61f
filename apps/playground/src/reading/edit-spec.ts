import type { MaskSpec } from "./mask-spec.js";

/**
 * A change of a model as plain data, for links and for the worker, which makes an edit of `@tfblocks/analysis/models` of it.
 *
 * `part` is a dotted name. Of an attention the outputs of the heads change, of another part, such as a layer, its output. What comes from
 * another text, `from`, `toward` or `away`, comes from a run of the model without edits.
 */
export type EditSpec =
  /** Switches off: by zeros, or by the mean over the tokens of the text. Without heads, all of the part. */
  | { readonly kind: "ablate"; readonly part: string; readonly heads: readonly number[]; readonly by: "zero" | "mean" }
  | { readonly kind: "scale"; readonly part: string; readonly heads: readonly number[]; readonly factor: number }
  /** Puts in the values of another text, of the same number of tokens unless there are positions. */
  | {
      readonly kind: "patch";
      readonly part: string;
      /** Default all. */
      readonly heads?: readonly number[];
      /** Default all. */
      readonly positions?: readonly number[];
      readonly from: string;
    }
  /** Adds strength × (mean over the tokens of `toward` − mean over those of `away`) at each token. */
  | { readonly kind: "steer"; readonly part: string; readonly toward: string; readonly away: string; readonly strength: number }
  /** The attention keeps the weights of another text of the same number of tokens. */
  | { readonly kind: "freeze"; readonly part: string; readonly from: string }
  /** Every self-attention of the text gets this mask in place of its own; the padding is hidden from cross-attention too. */
  | { readonly kind: "mask"; readonly mask: MaskSpec };
