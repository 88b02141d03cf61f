import { concat, mean, reshape, type Tensor, type Tensor3D, type Tensor4D } from "@tensorflow/tfjs-core";
import {
  type AttendOptions,
  type AttentionResult,
  type CachedKeysValues,
  mergeHeads,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
  splitHeads,
} from "@tfblocks/attention";
import { withoutRoom } from "@tfblocks/attention/caches";
import { borrowed, broadcast, describeValue, matmul, own, refuse, scope, ShapeError, ValueError } from "@tfblocks/tensor-utils";
import type { AnyBlock } from "./part-views.js";
import type { SiteValues } from "./site-values.js";
import { checkedName } from "./sites.js";
import { checkValues, valuesFor } from "./values-for.js";
import type { Edit } from "./with-edits.js";

const operation = "freezeAttention";

/**
 * Given weights replace the softmax of an attention; the values still depend on the input. Queries, keys, mask, bias, sink and dropout
 * have no effect.
 *
 * @param attention the name of a `MultiHeadAttention`, or a pattern, as in `replaceParts`
 * @param weights `[batch, heads, queryLength, keyLength]`, where the batch may be 1, with an additional last column when there is a
 *   learned key; or one such tensor for each attention by its name. They need not sum to 1. With a cache, `keyLength` includes the
 *   cached keys. Borrowed: keep them alive while the edited model is in use. Differentiable
 * @throws ValueError when `attention` is not a name
 *
 * When the edited model runs, it throws ShapeError if the weights have another shape, and ValueError if there are none for an
 * attention, the part is not a `MultiHeadAttention`, or the call requests scores, which do not exist.
 */
export function freezeAttention(attention: string, weights: Tensor | SiteValues): Edit {
  checkedName(operation, attention);
  checkValues(operation, "weights", weights);
  const view: Edit["view"] = (block, name) => frozen(block, name, () => valuesFor(operation, weights, name));
  return { operation, part: attention, place: "computation", view };
}

function frozen(block: AnyBlock, name: string, weightsOf: () => Tensor): AnyBlock {
  if (!(block instanceof MultiHeadAttention)) {
    refuse(ValueError, operation, `"${name}"`, "a MultiHeadAttention", describeValue(block), 'for example "layers.0.attention"');
  }
  const view = borrowed<MultiHeadAttention>(block, (inner) => {
    const apply = (query: Tensor, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions = {}) =>
      scope(() => weighted(inner, name, query, weightsOf(), projectedValues(inner, key, value, options), options));
    const attend = (query: Tensor, keysValues: CachedKeysValues, options: AttendOptions = {}) =>
      scope(() => weighted(inner, name, query, weightsOf(), withoutRoom(keysValues).value, options));
    return { apply: apply as MultiHeadAttention["apply"], attend };
  });
  return view as unknown as AnyBlock;
}

/** The cached and the new values, `[batch, kvHeads, keyLength, valueDim]`. A cache stores the new keys and values. */
function projectedValues(attention: MultiHeadAttention, key: Tensor, value: Tensor, options: MultiHeadAttentionOptions): Tensor4D {
  const { cache, positions } = options;
  if (cache === undefined) return splitHeads(attention.value.apply(value), attention.numKvHeads);
  const fresh = attention.project(key, value, { positions, keyOffset: cache.length });
  const joined = cache.join(fresh.key, fresh.value);
  cache.store(joined);
  return withoutRoom(joined).value;
}

function weighted(
  attention: MultiHeadAttention,
  name: string,
  query: Tensor,
  weights: Tensor,
  cached: Tensor4D,
  { needWeights = true, averageWeights = false, needLogSumExp = false, taps }: AttendOptions,
): AttentionResult<Tensor3D> {
  if (needLogSumExp || taps !== undefined) refuseScores(name);
  const values = withLearnedValue(cached, attention.biasValue);
  checkWeights(name, weights, [values.shape[0], attention.numHeads, query.shape[1]!, values.shape[2]]);
  const output = attention.output.apply(mergeHeads(weightedSum(weights, values))) as Tensor3D;
  return { output, ...(needWeights && { weights: averageWeights ? mean(weights, 1) : own(weights) }) };
}

function refuseScores(name: string): never {
  const advice = "frozen weights have no scores";
  return refuse(ValueError, operation, `taps and needLogSumExp of "${name}"`, "left out", "one of them", advice);
}

function withLearnedValue(values: Tensor4D, biasValue: Tensor | undefined): Tensor4D {
  if (biasValue === undefined) return values;
  const [batch, kvHeads, , valueDim] = values.shape;
  return concat([values, broadcast(splitHeads(biasValue, kvHeads), [batch, kvHeads, 1, valueDim]) as Tensor4D], 2);
}

function checkWeights(name: string, { rank, shape }: Tensor, expected: readonly [number, number, number, number]): void {
  if (rank === 4 && shape.every((size, axis) => size === expected[axis] || (axis === 0 && size === 1))) return;
  const sizes = `[batch, heads, queryLength, keyLength] = [${expected.join(", ")}]`;
  refuse(ShapeError, operation, `weights for "${name}"`, sizes, `[${shape.join(", ")}]`);
}

/** weights · values, where several heads share the values of a key-value head: `[batch, heads, queryLength, valueDim]`. */
function weightedSum(weights: Tensor, values: Tensor4D): Tensor4D {
  const [batch, heads, queryLength, keyLength] = weights.shape as [number, number, number, number];
  const [fullBatch, kvHeads, , valueDim] = values.shape;
  const folded = reshape(weights, [batch, kvHeads, (heads / kvHeads) * queryLength, keyLength]);
  return reshape(matmul(folded, values), [fullBatch, heads, queryLength, valueDim]);
}
