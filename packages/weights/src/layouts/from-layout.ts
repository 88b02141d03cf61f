import { checkObject, type StateDict } from "@tfblocks/tensor-utils";
import type { Layout } from "./layout.js";
import { rewrite } from "./rewrite.js";
import { type LayoutSizes, resolveSizes } from "./sizes.js";
import { dropTiedHead, foundPrefix, weightsOnly } from "./their-names.js";

/** Sizes of the model, and how its state dict is written. */
export interface LayoutOptions extends LayoutSizes {
  /** What stands before the names of the body; read: what is found, written: the layout's own. */
  readonly prefix?: string | undefined;
  /**
   * Whether the output head is the token embedding. Reading: by default when it has the same numbers or is absent;
   * true drops it, false demands it. Writing: by default when there is no `head.weight`.
   */
  readonly tiedHead?: boolean | undefined;
}

/**
 * A state dict of PyTorch or Hugging Face under our names, rearranged where the two differ; no number changes.
 *
 * @param state borrowed, float32
 * @returns under our names; the caller's
 * @throws StateDictError that names every missing, unexpected and misshapen entry at once, under their names
 * @throws ValueError when the layout needs a size that was not given, a size is unknown, there are more layers than entries,
 *   or a head said to be tied is not
 * @throws DTypeError, DisposedError when an entry is no live float32 tensor
 */
export function fromLayout(layout: Layout, state: StateDict, options: LayoutOptions = {}): StateDict {
  const operation = `fromLayout(${layout.name})`;
  const { prefix: given, tiedHead, ...sizes } = checkObject(operation, "sizes", options);
  const names = Object.keys(checkObject(operation, "state", state));
  const prefix = given ?? foundPrefix(layout, names);
  const entries = weightsOnly(layout, prefix, new Map(Object.entries(state)));
  const resolved = resolveSizes(operation, sizes);
  dropTiedHead(operation, layout, prefix, entries, tiedHead);
  const demanding = tiedHead === false ? withHead(layout) : layout;
  return rewrite({ operation, layout: demanding, direction: "theirs to ours", prefix, sizes: resolved }, entries);
}

/** A layout that demands its output head. */
export function withHead({ tied, head = [], ...layout }: Layout): Layout {
  const demanded = head.map((rule) => {
    if ("oneOf" in rule || tied === undefined || rule.theirs[0] !== tied.head) return rule;
    const { optional: _optional, ...always } = rule;
    return always;
  });
  return { ...layout, head: demanded, ...(tied && { tied }) };
}
