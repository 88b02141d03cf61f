import type { Tensor } from "@tensorflow/tfjs-core";
import { MultiHeadAttention, type MultiHeadAttentionOptions } from "@tfblocks/attention";
import { isMask, type Mask } from "@tfblocks/masks";
import { borrowed, describeValue, refuse, ValueError } from "@tfblocks/tensor-utils";
import { checkFunction } from "../checks.js";
import type { AnyBlock } from "./part-views.js";
import { checkedName } from "./sites.js";
import type { Edit } from "./with-edits.js";

const operation = "maskAttention";

/** The mask of a call: a mask, a bool tensor in which true = may attend, or undefined for every key. */
export type CallMask = Mask | Tensor | undefined;

/**
 * Another mask for an attention: in each call it takes the place of the mask that the layer and the caller make.
 *
 * The weights are computed anew: keys that the mask forbids get the weight 0, and the others sum to 1. Position biases, sinks and learned
 * keys stay. A causal model whose mask is replaced sees later tokens, although it was not trained to.
 *
 * @param attention the name of a `MultiHeadAttention`, or a pattern, as in `replaceParts`; for example `"layers.*.attention"`
 * @param mask a mask; or a function of the mask that the call has, for example `(own) => and(own, lastN(4))`
 * @throws ValueError when `attention` is not a name, or `mask` is neither a mask nor a function
 *
 * When the edited model runs, it throws ValueError if the part is not a `MultiHeadAttention`, and what attention throws if the mask does not
 * fit.
 *
 * @example
 * ```ts
 * import "@tensorflow/tfjs-backend-cpu";
 * import { setBackend, tensor2d } from "@tensorflow/tfjs-core";
 * import { maskAttention, withEdits } from "@tfblocks/analysis/models";
 * import { and, causal, lastN } from "@tfblocks/masks";
 * import { gpt2 } from "@tfblocks/transformer/models";
 *
 * await setBackend("cpu");
 * const model = gpt2({ vocabSize: 10, maxLength: 8, dModel: 12, numHeads: 3, numLayers: 2 });
 * const local = withEdits(model, [maskAttention("layers.*.attention", and(causal(), lastN(2)))]);
 * const { weights } = local.apply(tensor2d([[1, 2, 3]], [1, 3], "int32"), { needWeights: true });
 * console.log(weights?.[0]?.dataSync().slice(6, 7)); // Float32Array(1) [ 0 ]: the third token does not see the first one
 * ```
 */
export function maskAttention(attention: string, mask: Mask | ((own: CallMask) => CallMask)): Edit {
  checkedName(operation, attention);
  if (!isMask(mask)) checkFunction(operation, "mask", mask, "a mask of @tfblocks/masks, or a function of the mask that the call has");
  const change = isMask(mask) ? () => mask : mask;
  return { operation, part: attention, place: "input", view: (block, name) => masked(block, name, change) };
}

function masked(block: AnyBlock, name: string, change: (own: CallMask) => CallMask): AnyBlock {
  if (!(block instanceof MultiHeadAttention)) {
    refuse(ValueError, operation, `"${name}"`, "a MultiHeadAttention", describeValue(block), 'for example "layers.0.attention"');
  }
  const changed = <Options extends MultiHeadAttentionOptions>(options: Options): Options => ({ ...options, mask: change(options.mask) });
  const view = borrowed<MultiHeadAttention>(block, (inner) => ({
    apply: ((query, key, value, options = {}) => inner.apply(query, key, value, changed(options))) as MultiHeadAttention["apply"],
    attend: (...[query, keysValues, options = {}]: Parameters<MultiHeadAttention["attend"]>) =>
      inner.attend(query, keysValues, changed(options)),
  }));
  return view as unknown as AnyBlock;
}
