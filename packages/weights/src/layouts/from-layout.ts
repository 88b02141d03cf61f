import { checkObject, checkOptions, type OptionNames, type StateDict } from "@tfblocks/tensor-utils";
import type { Layout } from "./layout.js";
import { rewrite } from "./rewrite.js";
import { withFlags, withHeadBias } from "./flags.js";
import { resolveSizes } from "./sizes.js";
import { dropTiedHead, foundPrefix, weightsOnly } from "./their-names.js";

/** Options of {@link fromLayout} and `toLayout`. */
export interface LayoutOptions {
  /**
   * Sizes of the model by their names in the layout. A layout of whole models needs `numLayers`, one that holds queries,
   * keys and values head by head (GPT-NeoX) also `numHeads`. The others are checked where given, else taken from the state.
   * `numDecoderLayers` defaults to `numLayers`, `numKvHeads` to `numHeads` and `headDim` to `dModel / numHeads`.
   */
  readonly sizes?: Readonly<Record<string, number | undefined>> | undefined;
  /** Which optional entries there are, by the names of flags in the layout, for example `{ attentionBias: true }`; default those present. */
  readonly flags?: Readonly<Record<string, boolean | undefined>> | undefined;
  /** What stands before the names of the body. Default when reading: the layout's prefix if a name has it; when writing: the layout's. */
  readonly prefix?: string | undefined;
  /**
   * Whether the output head is the token embedding. Reading: by default when it has the same numbers or is absent;
   * true drops it, false requires it. Writing: by default when there is no `head.weight`.
   */
  readonly tiedHead?: boolean | undefined;
}

export const layoutOptionNames: OptionNames<LayoutOptions> = { sizes: true, flags: true, prefix: true, tiedHead: "flag" };

/**
 * A state dict of PyTorch or Hugging Face under our names, rearranged where the two differ; no number changes.
 *
 * @param state borrowed, float32
 * @returns under our names; the caller owns it
 * @throws StateDictError that names every missing, unexpected and misshapen entry at once, under their names
 * @throws ValueError when the layout needs a size that was not given, a size, flag or option is unknown, there are more layers than
 *   entries, or `tiedHead` is true and the head is not the embedding
 * @throws DTypeError, DisposedError when an entry is not a live float32 tensor
 */
export function fromLayout(layout: Layout, state: StateDict, options: LayoutOptions = {}): StateDict {
  const operation = `fromLayout(${layout.name})`;
  const { sizes = {}, prefix: given, tiedHead } = checkOptions(operation, options, layoutOptionNames);
  const names = Object.keys(checkObject(operation, "state", state));
  const prefix = given ?? foundPrefix(layout, names);
  const entries = weightsOnly(withHeadBias(layout, tiedHead), prefix, new Map(Object.entries(state)));
  const resolved = resolveSizes(operation, layout, sizes);
  dropTiedHead(operation, layout, prefix, entries, tiedHead);
  return rewrite(
    { operation, layout: withFlags(operation, layout, options), direction: "theirs to ours", prefix, sizes: resolved },
    entries,
  );
}
