import { checkObject, type StateDict } from "@tfblocks/tensor-utils";
import { type LayoutOptions, withHead } from "./from-layout.js";
import type { Layout } from "./layout.js";
import { rewrite } from "./rewrite.js";
import { resolveSizes } from "./sizes.js";

/**
 * A state dict of ours under the names of PyTorch or Hugging Face, rearranged where the two differ: what `fromLayout`
 * read comes back bit for bit, but for buffers and copies that hold no weights of their own.
 *
 * @param state borrowed, float32
 * @returns under their names; the caller's
 * @throws StateDictError that names every missing, unexpected and misshapen entry at once, under our names
 * @throws ValueError when the layout needs a size that was not given, or a size is unknown
 * @throws DTypeError, DisposedError when an entry is no live float32 tensor
 */
export function toLayout(layout: Layout, state: StateDict, options: LayoutOptions = {}): StateDict {
  const operation = `toLayout(${layout.name})`;
  const { prefix = layout.prefix, tiedHead, ...sizes } = checkObject(operation, "sizes", options);
  const entries = new Map(Object.entries(checkObject(operation, "state", state)));
  const demanding = tiedHead === false ? withHead(layout) : layout;
  return rewrite({ operation, layout: demanding, direction: "ours to theirs", prefix, sizes: resolveSizes(operation, sizes) }, entries);
}
