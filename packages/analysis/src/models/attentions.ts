import { MultiHeadAttention } from "@tfblocks/attention";
import { type Composite, walkParts } from "@tfblocks/tensor-utils";

/** A multi-head attention in a model. */
export interface AttentionPart {
  /** Its dotted name, for example `"layers.0.attention"` or `"decoder.layers.2.crossAttention"`. */
  readonly name: string;
  readonly attention: MultiHeadAttention;
}

/** Every multi-head attention of a model, in the order of computation. */
export function attentionsOf(model: Composite): readonly AttentionPart[] {
  return walkParts(model).flatMap(([name, part]) => (part instanceof MultiHeadAttention ? [{ name, attention: part }] : []));
}
