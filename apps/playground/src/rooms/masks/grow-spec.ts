import type { MaskSpec } from "../../reading/mask-spec.js";

/**
 * The same rules for a longer text: window and prefix stay, the share of padding stays, and documents of the same lengths
 * follow each other.
 */
export function growSpec(spec: MaskSpec, length: number, longer: number): MaskSpec {
  if (length === 0) return spec;
  const starts = spec.documents.filter((start) => start > 0 && start < length);
  const copies = starts.length === 0 ? 0 : Math.ceil(longer / length);
  return {
    ...spec,
    padding: Math.round((spec.padding * longer) / length),
    documents: Array.from({ length: copies }, (_, copy) => [0, ...starts].map((start) => copy * length + start)).flat(),
  };
}
