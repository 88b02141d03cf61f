import { checkObject, checkOptions, type StateDict } from "@tfblocks/tensor-utils";
import { withFlags } from "./flags.js";
import { type LayoutOptions, layoutOptionNames } from "./from-layout.js";
import type { Layout } from "./layout.js";
import { rewrite } from "./rewrite.js";
import { resolveSizes } from "./sizes.js";

/**
 * A state dict of ours under the names of PyTorch or Hugging Face, rearranged where the two differ. It reverses `fromLayout`
 * bit for bit, except for the buffers and copies that `fromLayout` leaves out.
 *
 * @param state borrowed, float32
 * @returns under their names; the caller owns it
 * @throws StateDictError that names every missing, unexpected and misshapen entry at once, under our names
 * @throws ValueError when the layout needs a size that was not given, or a size, flag or option is unknown
 * @throws DTypeError, DisposedError when an entry is not a live float32 tensor
 */
export function toLayout(layout: Layout, state: StateDict, options: LayoutOptions = {}): StateDict {
  const operation = `toLayout(${layout.name})`;
  const { sizes = {}, prefix = layout.prefix } = checkOptions(operation, options, layoutOptionNames);
  const entries = new Map(Object.entries(checkObject(operation, "state", state)));
  const decided = withFlags(operation, layout, options);
  return rewrite(
    { operation, layout: decided, direction: "ours to theirs", prefix, sizes: resolveSizes(operation, layout, sizes) },
    entries,
  );
}
