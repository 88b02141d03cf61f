import type { AttentionKind, HeadPlace } from "../models/model-info.js";

/** What a kind of attention is called. */
export const kindNames: Readonly<Record<AttentionKind, string>> = {
  self: "Self-attention",
  encoder: "Encoder",
  decoder: "Decoder",
  cross: "Cross-attention",
};

/** The name of a layer, for example "L0", or "cross L0" in an encoder-decoder. */
export function layerName({ kind, layer }: Pick<HeadPlace, "kind" | "layer">): string {
  return `${kind === "self" ? "" : `${kind} `}L${layer}`;
}

/** The name of a head, for example "L0·H3", or "cross L0·H3" in an encoder-decoder. */
export function headName(place: HeadPlace): string {
  return `${layerName(place)}·H${place.head}`;
}

export function sameHead(a: HeadPlace, b: HeadPlace): boolean {
  return a.kind === b.kind && a.layer === b.layer && a.head === b.head;
}
