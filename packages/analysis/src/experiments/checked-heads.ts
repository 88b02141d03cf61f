import { type Composite, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import type { HeadName } from "../models/attention-places.js";
import { attentionsOf } from "../models/attentions.js";
import { headsIn } from "../models/heads-in.js";

/** @throws ValueError when `heads` is not a list of heads of the model */
export function checkedHeads(operation: string, model: Composite, heads: readonly HeadName[]): readonly HeadName[] {
  if (!Array.isArray(heads)) return refuse(ValueError, operation, "heads", "a list of heads", describeValue(heads));
  const all = headsIn(model);
  for (const { attention, head } of heads as readonly HeadName[]) {
    if (all.some((each) => each.attention === attention && each.head === head)) continue;
    const known = attentionsOf(model).map(({ name, attention: { numHeads } }) => `"${name}" 0 to ${numHeads - 1}`);
    refuse(ValueError, operation, "heads", `heads of the model, ${known.join(", ")}`, `"${attention}" ${describeValue(head)}`);
  }
  return heads;
}
