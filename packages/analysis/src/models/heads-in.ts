import type { Composite } from "@tfblocks/tensor-utils";
import type { HeadName } from "./attention-places.js";
import { attentionsOf } from "./attentions.js";

/** Every head of a model, in the order of computation. */
export function headsIn(model: Composite): HeadName[] {
  return attentionsOf(model).flatMap(({ name, attention: { numHeads } }) =>
    Array.from({ length: numHeads }, (_, head) => ({ attention: name, head })),
  );
}
