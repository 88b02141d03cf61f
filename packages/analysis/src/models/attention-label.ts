/**
 * How an attention is shown: `"L0"` for `"layers.0.attention"`, `"encoder L0"`, `"decoder L0"` and `"cross L0"` in an
 * encoder-decoder, and its name elsewhere. A head adds its index: `"L0·H3"`.
 */
export function attentionLabel(name: string): string {
  const [, stack, layer, kind] = /^(?:(encoder|decoder)\.)?layers\.(\d+)\.(attention|crossAttention)$/.exec(name) ?? [];
  if (layer === undefined) return name;
  if (kind === "crossAttention") return `cross L${layer}`;
  return stack === undefined ? `L${layer}` : `${stack} L${layer}`;
}

/** How a head is shown, for example `"L0·H3"`. */
export function headLabel({ attention, head }: { readonly attention: string; readonly head: number }): string {
  return `${attentionLabel(attention)}·H${head}`;
}
