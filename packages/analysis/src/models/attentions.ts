import { MultiHeadAttention } from "@tfblocks/attention";
import { type Composite, describeValue, refuse, ValueError, walkParts } from "@tfblocks/tensor-utils";
import { checkModel } from "../checks.js";

/** A multi-head attention in a model. */
export interface AttentionPart {
  /** Its dotted name, for example `"layers.0.attention"` or `"decoder.layers.2.crossAttention"`. */
  readonly name: string;
  readonly attention: MultiHeadAttention;
}

/** Every multi-head attention of a model, in the order of computation; none for a model without one. */
export function attentionsOf(model: Composite): readonly AttentionPart[] {
  checkModel("attentionsOf", model);
  return walkParts(model).flatMap(([name, part]) => (part instanceof MultiHeadAttention ? [{ name, attention: part }] : []));
}

/** @throws ValueError when the value is not a multi-head attention */
export function checkAttention(operation: string, attention: MultiHeadAttention): MultiHeadAttention {
  if (attention instanceof MultiHeadAttention) return attention;
  const advice = "take one from attentionsOf(model)";
  return refuse(ValueError, operation, "attention", "a MultiHeadAttention", describeValue(attention), advice);
}
