import { withFlags } from "./flags.js";
import type { LayoutOptions } from "./from-layout.js";
import type { Layout } from "./layout.js";
import { expandRules } from "./links.js";
import { resolveSizes } from "./sizes.js";

/**
 * The names that a foreign state dict of a model must have. Entries that are optional whatever the flags are left out, and of
 * alternative rules the first counts.
 *
 * @param options `sizes.numLayers`, the flags, `tiedHead` and the prefix, default the layout's
 * @throws ValueError when the layout needs a size that was not given, or a size or flag is unknown
 */
export function entryNames(layout: Layout, options: LayoutOptions): string[] {
  const operation = `entryNames(${layout.name})`;
  const sizes = resolveSizes(operation, layout, options.sizes ?? {});
  const rules = expandRules(operation, withFlags(operation, layout, options), options.prefix ?? layout.prefix, sizes);
  return rules.flatMap(([first]) => (first!.optional === undefined ? first!.theirs : []));
}
